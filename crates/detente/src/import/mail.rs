//! Newsletters: the messages of an mbox file, each an article.

use super::Raw;
use std::io::{self, BufRead, Read};

/// A message longer than this is not kept in memory, and rejected.
const LONGEST: usize = 32 << 20;

/// Messages of a mailbox, numbered from 1.
pub struct Reader<R> {
    reader: R,
    message: u64,
    begun: bool,
}

impl<R: BufRead> Reader<R> {
    /// Reads a mailbox that was unzipped already.
    pub fn new(reader: R) -> Self {
        Self { reader, message: 0, begun: false }
    }

    fn read(&mut self) -> io::Result<Option<Raw>> {
        let (mut body, mut line, mut blank, mut long) = (Vec::new(), Vec::new(), true, 0);
        loop {
            line.clear();
            let n = self.reader.by_ref().take(LONGEST as u64).read_until(b'\n', &mut line)?;
            // A line "From …" after an empty one begins the next message.
            let next = blank && line.starts_with(b"From ");
            if n == 0 || next && self.begun {
                break;
            }
            if next {
                self.begun = true;
                continue;
            }
            blank = line.trim_ascii().is_empty();
            // Such lines within a message stand quoted.
            let quotes = line.iter().take_while(|b| **b == b'>').count();
            let rest = if quotes > 0 && line[quotes..].starts_with(b"From ") { &line[1..] } else { &line[..] };
            long += rest.len();
            if long <= LONGEST {
                body.extend_from_slice(rest);
            }
        }
        if line.is_empty() && body.is_empty() && long == 0 {
            return Ok(None);
        }
        Ok(Some(if long > LONGEST { Raw::Broken(format!("the message is {} MB long", long >> 20)) } else { Raw::Mail(body) }))
    }
}

impl<R: BufRead> Iterator for Reader<R> {
    type Item = io::Result<(u64, Raw)>;

    fn next(&mut self) -> Option<Self::Item> {
        self.message += 1;
        self.read().transpose().map(|read| read.map(|raw| (self.message, raw)))
    }
}

/// Whether a file begins as a mailbox does.
pub fn begins(head: &[u8]) -> bool {
    let mut lines = head.split(|b| *b == b'\n');
    let named = |line: &[u8]| {
        line.split(|b| *b == b':').next().is_some_and(|n| !n.is_empty() && n.len() < line.len() && n.iter().all(|b| b.is_ascii_graphic()))
    };
    lines.next().is_some_and(|l| l.starts_with(b"From ")) && lines.next().is_some_and(named)
}

/// A message as an article: the subject is its title, who sent it its outlet, the day it was sent that of publication.
#[cfg(feature = "net")]
pub(super) fn article(bytes: &[u8], defaults: &crate::read::Defaults) -> crate::store::ImportRow {
    use crate::read::{self, Defaults};
    use crate::store::ImportRow;
    use mail_parser::{MessageParser, PartType};

    let rejected = |why: &str| ImportRow::Rejected(why.to_owned(), String::from_utf8_lossy(&bytes[..bytes.len().min(500)]).into_owned());
    let Some(message) = MessageParser::default().parse(bytes) else { return rejected("it is no message") };
    let tidy = |s: &str| s.split_whitespace().collect::<Vec<_>>().join(" ");
    let title = message.subject().map(tidy).filter(|t| !t.is_empty());
    let sender = message.from().and_then(|f| f.first());
    let outlet = sender.and_then(|a| a.name().or_else(|| a.address()?.rsplit('@').next())).map(tidy).filter(|o| !o.is_empty());
    let published = message.date().and_then(|d| format!("{:04}-{:02}-{:02}", d.year, d.month, d.day).parse().ok());
    let parts = |ids: &[mail_parser::MessagePartId]| -> (Vec<String>, Vec<String>) {
        let (mut html, mut text) = (Vec::new(), Vec::new());
        for part in ids.iter().filter_map(|id| message.parts.get(*id as usize)) {
            match &part.body {
                PartType::Html(h) => html.push(h.to_string()),
                PartType::Text(t) => text.push(t.to_string()),
                _ => {}
            }
        }
        (html, text)
    };
    let (html, _) = parts(&message.html_body);
    let (_, mut text) = parts(&message.text_body);
    text.retain(|t| !t.trim().is_empty());
    let defaults =
        Defaults { published: published.or(defaults.published), outlet: outlet.or_else(|| defaults.outlet.clone()), ..defaults.clone() };
    let found = match (html.is_empty(), text.is_empty()) {
        (false, _) => read::from_markup(&html.join("\n"), title.as_deref(), &defaults),
        (true, false) => {
            let body = text.join("\n\n").replace("\r\n", "\n");
            let whole = title.as_deref().map_or_else(|| body.clone(), |t| format!("{t}\n\n{body}"));
            read::article(whole.as_bytes(), "message.txt", &defaults)
                .ok()
                .map(|a| detente_core::model::Article { title: title.clone(), ..a })
        }
        _ => None,
    };
    match found {
        Some(article) => ImportRow::Article(Box::new(article)),
        None => rejected("the message holds no text"),
    }
}

/// Without fetching there is nothing that reads messages.
#[cfg(not(feature = "net"))]
pub(super) fn article(_: &[u8], _: &crate::read::Defaults) -> crate::store::ImportRow {
    crate::store::ImportRow::Rejected("this program was built without reading mail; build it with --features net".to_owned(), String::new())
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOX: &str = "From news@example.org Wed Jul 18 09:00:00 2018\nFrom: \"The Example\" <news@example.org>\nSubject: Envoys\n =?utf-8?q?_meet?=\n\
        Date: Wed, 18 Jul 2018 09:00:00 +0200\n\nThey met in the old town.\n\n>From there they left.\n\n\
        From news@example.org Thu Jul 19 09:00:00 2018\nFrom: news@example.org\nSubject: Talks\nDate: Thu, 19 Jul 2018 09:00:00 +0000\n\
        MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\nPlain.\n--b\n\
        Content-Type: text/html; charset=windows-1252\nContent-Transfer-Encoding: quoted-printable\n\n<p>The minister called it =93a<br>start=94.</p><p>Ruritania agreed.\n--b--\n\n\
        From nobody Thu Jul 19 09:00:00 2018\nSubject: Nothing\n\n";

    fn bodies() -> Vec<Vec<u8>> {
        let rows = Reader::new(BOX.as_bytes()).map(|r| r.unwrap());
        rows.filter_map(|(_, raw)| if let Raw::Mail(body) = raw { Some(body) } else { None }).collect()
    }

    #[test]
    fn messages_of_a_mailbox() {
        assert!(begins(BOX.as_bytes()) && !begins(b"From there they left.\nAnd then") && !begins(b"{}"));
        let all = bodies();
        assert_eq!(all.len(), 3);
        assert!(String::from_utf8_lossy(&all[0]).contains("\nFrom there they left."));
        assert_eq!(Reader::new(&b""[..]).count(), 0);
    }

    #[cfg(feature = "net")]
    #[test]
    fn messages_are_articles() {
        use crate::store::ImportRow;
        let rows: Vec<ImportRow> = bodies().iter().map(|b| article(b, &crate::read::Defaults::default())).collect();
        let [ImportRow::Article(first), ImportRow::Article(second), ImportRow::Rejected(why, _)] = &rows[..] else { panic!("{rows:?}") };
        assert_eq!((first.title.as_deref(), first.outlet.as_deref()), (Some("Envoys meet"), Some("The Example")));
        assert_eq!(first.published.map(|d| d.to_string()).as_deref(), Some("2018-07-18"));
        assert!(first.text.starts_with("Envoys meet\n\nThey met in the old town."), "{}", first.text);
        assert!(
            second.text.contains("“a") && second.text.contains("Ruritania agreed.") && !second.text.contains("Plain"),
            "{}",
            second.text
        );
        assert_eq!(second.outlet.as_deref(), Some("example.org"));
        assert_eq!(why, "the message holds no text");
    }
}
