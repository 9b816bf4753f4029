//! A plain file: its text, untouched. What is headline and what is byline, the text stage sees.

use detente_core::model::Article;

use super::{Defaults, article_id};

/// The file as an article.
pub fn article(text: String, defaults: &Defaults) -> Article {
    Article {
        id: article_id(&text, defaults.url.as_deref()),
        outlet: defaults.outlet.clone(),
        url: defaults.url.clone(),
        published: defaults.published,
        title: None,
        text,
    }
}
