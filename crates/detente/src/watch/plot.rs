//! A series as a picture (SVG) and as a line of blocks.

use super::{Mark, SeriesRows};
use std::fmt::Write;

const WIDTH: f64 = 960.0;
const HEIGHT: f64 = 392.0;
const LEFT: f64 = 56.0;
const RIGHT: f64 = 16.0;
const TOP: f64 = 56.0;
const BOTTOM: f64 = 88.0;

const STYLE: &str = "svg{font:13px system-ui,sans-serif;fill:#222;background:#fff}.band{fill:#9ab;opacity:.35}.median{stroke:#789;stroke-dasharray:3 3;fill:none}\
.line{stroke:#b3261e;stroke-width:1.6;fill:none}.axis{stroke:#999}.grid{stroke:#ddd}.unread{fill:#bbb;opacity:.4}.part{fill:#bbb;opacity:.2}.soft{fill:#666}\
@media(prefers-color-scheme:dark){svg{fill:#ddd;background:#181818}.line{stroke:#ff897d}.grid{stroke:#333}.soft{fill:#aaa}}";

/// The picture: the measure's line, its usual band, and the marks below it. Steps of which nothing was read are grey.
pub fn svg(rows: &SeriesRows, marks: &[Mark]) -> String {
    let points = &rows.points;
    let mut out = String::new();
    let summary = summary(rows);
    // Writing to a string cannot fail.
    let _ = writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-labelledby=\"t d\">\n<title id=\"t\">{} {}</title>\n<desc id=\"d\">{}</desc>\n<style>{STYLE}</style>",
        escape(&rows.name),
        escape(rows.measure),
        escape(&summary)
    );
    let highs = points.iter().map(|p| p.usual.map_or(p.value, |u| u.high.max(p.value)));
    let lows = points.iter().map(|p| p.usual.map_or(p.value, |u| u.low.min(p.value)));
    let (high, low) = (highs.fold(1.0, f64::max), lows.fold(0.0, f64::min));
    let step = nice((high - low) / 4.0);
    let (high, low) = ((high / step).ceil() * step, (low / step).floor() * step);
    let n = points.len().max(1) as f64;
    let wide = (WIDTH - LEFT - RIGHT) / n;
    let x = |i: usize| LEFT + wide * (i as f64 + 0.5);
    let y = |v: f64| TOP + (HEIGHT - TOP - BOTTOM) * (high - v) / (high - low);
    let base = HEIGHT - BOTTOM;
    let _ = writeln!(
        out,
        "<text x=\"{LEFT}\" y=\"22\" font-weight=\"600\">{}</text>\n<text x=\"{LEFT}\" y=\"40\" class=\"soft\">{}</text>",
        escape(&rows.name),
        escape(&summary)
    );
    for i in 0.. {
        let v = low + step * f64::from(i);
        if v > high + step / 2.0 {
            break;
        }
        let at = y(v);
        let _ = writeln!(
            out,
            "<line class=\"grid\" x1=\"{LEFT}\" x2=\"{:.0}\" y1=\"{at:.1}\" y2=\"{at:.1}\"/><text class=\"soft\" x=\"{:.0}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
            WIDTH - RIGHT,
            LEFT - 6.0,
            at + 4.0,
            number(v)
        );
    }
    for (from, to) in runs(points.len(), |i| points[i].read_events == 0) {
        let _ = writeln!(
            out,
            "<rect class=\"unread\" x=\"{:.1}\" y=\"{TOP}\" width=\"{:.1}\" height=\"{:.1}\"><title>nothing was read</title></rect>",
            x(from) - wide / 2.0,
            wide * (to - from) as f64,
            base - TOP
        );
    }
    for (i, p) in points.iter().enumerate().filter(|(_, p)| p.partial()) {
        let _ = writeln!(
            out,
            "<rect class=\"part\" x=\"{:.1}\" y=\"{TOP}\" width=\"{wide:.1}\" height=\"{:.1}\"><title>{} of {} days were read</title></rect>",
            x(i) - wide / 2.0,
            base - TOP,
            p.days_read,
            p.days()
        );
    }
    for (from, to) in runs(points.len(), |i| points[i].usual.is_some()) {
        let usual = |i: usize| points[i].usual.unwrap_or(super::BandRow { low: 0.0, median: 0.0, high: 0.0 });
        let up = (from..to).map(|i| format!("{:.1},{:.1}", x(i), y(usual(i).high)));
        let down = (from..to).rev().map(|i| format!("{:.1},{:.1}", x(i), y(usual(i).low)));
        let _ = writeln!(out, "<polygon class=\"band\" points=\"{}\"/>", up.chain(down).collect::<Vec<_>>().join(" "));
        let middle: Vec<String> = (from..to).map(|i| format!("{:.1},{:.1}", x(i), y(usual(i).median))).collect();
        let _ = writeln!(out, "<polyline class=\"median\" points=\"{}\"/>", middle.join(" "));
    }
    for (from, to) in runs(points.len(), |i| points[i].read_events > 0) {
        let line: Vec<String> = (from..to).map(|i| format!("{:.1},{:.1}", x(i), y(points[i].value))).collect();
        let _ = writeln!(out, "<polyline class=\"line\" points=\"{}\"/>", line.join(" "));
    }
    let _ = writeln!(out, "<line class=\"axis\" x1=\"{LEFT}\" x2=\"{:.0}\" y1=\"{base:.1}\" y2=\"{base:.1}\"/>", WIDTH - RIGHT);
    let every = points.len().div_ceil(9).max(1);
    for (i, p) in points.iter().enumerate().step_by(every) {
        let _ = writeln!(
            out,
            "<text class=\"soft\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
            x(i).clamp(LEFT, WIDTH - RIGHT - 24.0),
            base + 18.0,
            p.start
        );
    }
    for (row, sign) in ["◆", "◇", "▲"].iter().enumerate() {
        for mark in marks.iter().filter(|m| m.sign == *sign) {
            let Some(i) = points.iter().rposition(|p| p.start <= mark.day && mark.day <= p.end) else { continue };
            let _ = writeln!(
                out,
                "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\" font-size=\"10\">{sign}<title>{} {}</title></text>",
                x(i),
                base + 32.0 + 14.0 * row as f64,
                mark.day,
                escape(&mark.what)
            );
        }
    }
    let _ = writeln!(
        out,
        "<text class=\"soft\" x=\"{LEFT}\" y=\"{:.0}\" font-size=\"11\">◆ force  ◇ threat  ▲ opening   shaded: the usual band (5 to 95 % of the steps before); grey: nothing was read, light grey: only a part   coded by {}</text>\n</svg>",
        HEIGHT - 4.0,
        escape(&rows.coder)
    );
    out
}

/// One sentence that says what the picture shows.
pub fn summary(rows: &SeriesRows) -> String {
    let (Some(first), Some(last)) = (rows.points.first(), rows.points.last()) else { return "no events".to_owned() };
    let top = rows.points.iter().fold(first, |best, p| if p.value > best.value { p } else { best });
    let above = rows.points.iter().filter(|p| p.usual.is_some_and(|u| p.value > u.high)).count();
    let judged = rows.points.iter().filter(|p| p.usual.is_some()).count();
    format!(
        "{} from {} to {}: highest {} on {}; above its usual band in {above} of {judged} steps that have one",
        rows.measure,
        first.start,
        last.end,
        number(top.value),
        top.start
    )
}

/// The values as blocks, at most so many; several steps to a block show their highest.
pub fn sparkline(values: &[f64], width: usize) -> String {
    const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    if values.is_empty() || width == 0 {
        return String::new();
    }
    let each = values.len().div_ceil(width);
    let tops: Vec<f64> = values.chunks(each).map(|c| c.iter().copied().fold(f64::MIN, f64::max)).collect();
    let (low, high) = (tops.iter().copied().fold(0.0, f64::min), tops.iter().copied().fold(0.0, f64::max));
    let place = |v: f64| if high > low { ((v - low) / (high - low) * 7.0).round() as usize } else { 0 };
    tops.iter().map(|v| BLOCKS[place(*v).min(7)]).collect()
}

/// Runs of places for which something holds: first, and one past the last.
fn runs(n: usize, holds: impl Fn(usize) -> bool) -> Vec<(usize, usize)> {
    let mut out: Vec<(usize, usize)> = Vec::new();
    for i in (0..n).filter(|i| holds(*i)) {
        match out.last_mut() {
            Some((_, end)) if *end == i => *end = i + 1,
            _ => out.push((i, i + 1)),
        }
    }
    out
}

/// 1, 2 or 5 times a power of ten, not below the number.
fn nice(x: f64) -> f64 {
    let power = 10f64.powf(x.max(0.25).log10().floor());
    [1.0, 2.0, 5.0, 10.0].into_iter().map(|m| m * power).find(|v| *v >= x - 1e-9).unwrap_or(10.0 * power)
}

fn number(x: f64) -> String {
    if x.fract().abs() < 1e-9 { format!("{x:.0}") } else { format!("{x:.1}") }
}

fn escape(text: &str) -> String {
    let text = crate::show::clean(text);
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::{BandRow, PointRow};
    use std::collections::BTreeMap;

    fn point(start: &str, value: f64, usual: Option<f64>, read: u64) -> PointRow {
        let start = start.parse().unwrap();
        PointRow {
            start,
            end: start,
            events: 0,
            verbal_cooperation: 0,
            material_cooperation: 0,
            verbal_conflict: 0,
            material_conflict: 0,
            unknown: 0,
            goldstein: 0.0,
            goldstein_mean: None,
            cooperation: 0.0,
            conflict: 0.0,
            threat: 0.0,
            posture: 0.0,
            coercion: 0.0,
            force: 0.0,
            tension: value,
            warmth: 0.0,
            roots: BTreeMap::new(),
            origins: None,
            origins_assumed: None,
            outlets: None,
            articles: None,
            read_events: read,
            days_read: u32::from(read > 0),
            read_articles: None,
            value,
            usual: usual.map(|high| BandRow { low: 0.0, median: high / 2.0, high }),
        }
    }

    fn rows(points: Vec<PointRow>) -> SeriesRows {
        let today = "2018-07-31".parse().unwrap();
        SeriesRows {
            name: "IRN-<ISR>".into(),
            coder: "icews".into(),
            measure: "tension",
            measure_about: "",
            today,
            points,
            future: 0,
            fan: None,
        }
    }

    #[test]
    fn a_picture_is_well_formed_and_says_what_it_shows() {
        let points =
            vec![point("2018-07-15", 2.0, None, 9), point("2018-07-16", 8.0, Some(3.0), 9), point("2018-07-17", 0.0, Some(3.0), 0)];
        let marks = [Mark { day: "2018-07-16".parse().unwrap(), sign: "▲", what: "mediation by RUS & others".into(), events: vec![] }];
        for (points, marks) in [(points, &marks[..]), (Vec::new(), &[])] {
            let picture = svg(&rows(points), marks);
            roxmltree::Document::parse(&picture).unwrap();
            assert!(picture.contains("IRN-&lt;ISR&gt;") && !picture.contains("NaN") && !picture.contains("inf"), "{picture}");
        }
        let said = summary(&rows(vec![point("2018-07-15", 2.0, None, 9), point("2018-07-16", 8.0, Some(3.0), 9)]));
        assert_eq!(
            said,
            "tension from 2018-07-15 to 2018-07-16: highest 8 on 2018-07-16; above its usual band in 1 of 1 steps that have one"
        );
    }

    #[test]
    fn lines_of_blocks() {
        let check = |values: &[f64], width, expect: &str| assert_eq!(sparkline(values, width), expect, "{values:?}");
        check(&[], 10, "");
        check(&[0.0, 0.0], 10, "▁▁");
        check(&[0.0, 7.0, 3.5], 10, "▁█▅");
        check(&[0.0, 1.0, 0.0, 7.0], 2, "▂█");
        check(&[-7.0, 0.0], 5, "▁█");
    }

    #[test]
    fn ticks_are_round() {
        let check = |x: f64, expect: f64| assert!((nice(x) - expect).abs() < 1e-9, "{x}");
        check(0.25, 0.5);
        check(3.0, 5.0);
        check(20.0, 20.0);
        check(101.0, 200.0);
    }
}
