use super::*;

/// A made-up history: pair 0–1 quarrels and then comes to force every 40 days, pair 2–3 only talks, 4–5 fights all the time.
fn history(days: i32) -> Vec<Event> {
    let event = |day, source, target, root| Event { day, source, target, root, goldstein: if root > 8 { -5.0 } else { 2.0 } };
    let mut out = Vec::new();
    for day in 0..days {
        for (a, b) in [(0, 1), (2, 3), (4, 5), (6, 7), (0, 3)] {
            out.push(event(day, a, b, 4));
            out.push(event(day, b, a, 1));
        }
        let beat = day % 40;
        if (30..38).contains(&beat) {
            (0..4).for_each(|_| out.push(event(day, 0, 1, 13)));
        }
        if beat == 39 {
            out.push(event(day, 1, 0, 19));
        }
        if day % 5 == 0 {
            out.push(event(day, 4, 5, 19));
        }
    }
    out
}

fn question() -> Question {
    Question::default()
}

#[test]
fn what_comes_again_is_learnt() {
    let walk = walk(&history(300), 8, question(), Plan { judged_from: 150, ..Plan::default() });
    let of = |pair, day| walk.forecasts.iter().find(|f| f.pair == pair && f.day == day).expect("a forecast");
    assert!(of((4, 5), 200).probability > 0.6 && !of((4, 5), 200).quiet);
    assert!(of((2, 3), 200).probability < 0.1 && of((2, 3), 200).quiet);
    // Day 239 brings force; 237 comes after threats, 230 and 201 are before them.
    let warned = of((0, 1), 237);
    assert!(warned.quiet && warned.outcome == Some(true) && warned.probability > 2.0 * of((2, 3), 237).probability, "{warned:?}");
    assert!(walk.onsets.contains(&((0, 1), 239)));
    assert!(walk.forecasts.iter().filter(|f| f.day + 14 > 299).all(|f| f.outcome.is_none()));
}

#[test]
fn later_events_change_no_past_forecast() {
    let long = history(220);
    let cut: Vec<Event> = long.iter().filter(|e| e.day <= 180).copied().collect();
    let mut stirred = long.clone();
    stirred.extend((181..220).map(|day| Event { day, source: 2, target: 3, root: 19, goldstein: -10.0 }));
    let past = |events: &[Event]| -> Vec<(Day, (u32, u32), f64)> {
        let walk = walk(events, 8, question(), Plan::default());
        walk.forecasts.iter().filter(|f| f.day <= 180).map(|f| (f.day, f.pair, f.probability)).collect()
    };
    let expect = past(&cut);
    assert!(!expect.is_empty());
    assert_eq!(past(&stirred), expect);
}

#[test]
fn order_of_rows_does_not_matter_and_little_is_no_forecast() {
    let mut events = history(120);
    let plan = Plan::default();
    let expect = walk(&events, 8, question(), plan);
    events.reverse();
    // Within a day sums of small whole numbers are exact.
    assert_eq!(walk(&events, 8, question(), plan), expect);
    let one = Event { day: 5, source: 0, target: 1, root: 19, goldstein: -10.0 };
    for few in [vec![], vec![one], vec![one; 500]] {
        assert_eq!(walk(&few, 2, question(), plan), Walk::default());
    }
}

#[test]
fn a_kept_model_says_what_the_walk_says() {
    let events = history(200);
    let walk = walk(&events, 8, question(), Plan::default());
    let model = walk.model.expect("a model");
    let kept = Model::kept(&model.keep()).expect("a kept model");
    assert!(kept == model);
    let last: Vec<Forecast> = walk.forecasts.iter().filter(|f| f.day == 199).copied().collect();
    assert!(!last.is_empty());
    assert_eq!(apply(&events, 8, question(), &kept), last);
    // Another version, or a part of it, is no model.
    let text = model.keep();
    for wrong in ["", &text.replace(NAME, "onset-0"), &text[..text.len() / 2], &format!("{text} 1")] {
        assert!(Model::kept(wrong).is_none());
    }
    assert!(apply(&[], 8, question(), &kept).is_empty());
}

#[test]
fn windows_longer_than_the_quiet_count_from_the_first_day() {
    let question = Question { horizon: 60, ..Question::default() };
    let walk = walk(&history(260), 8, question, Plan::default());
    assert!(!walk.forecasts.is_empty());
    // In 60 days the pair that comes to force every 40 always does so, the one that fights every 5 too.
    let share = |pair| walk.forecasts.iter().filter(move |f| f.pair == pair).map(|f| f.baselines.historical);
    assert!(share((0, 1)).all(|s| s == 1.0) && share((4, 5)).all(|s| s == 1.0) && share((2, 3)).all(|s| s == 0.0));
}

#[test]
fn leads_are_counted_from_the_first_alarm() {
    let forecast = |day, pair, probability| Forecast {
        day,
        pair,
        quiet: true,
        probability,
        raw: 0.0,
        baselines: Baselines::default(),
        base: 0.1,
        outcome: None,
    };
    let mut forecasts = Vec::new();
    for day in 0..20 {
        for other in 1..=10 {
            forecasts.push(forecast(day, (0, other), if other == 3 && day >= 8 { 0.9 } else { 0.1 / f64::from(other) }));
        }
    }
    let walk = Walk { forecasts, onsets: vec![((0, 3), 15), ((0, 9), 12)], model: None };
    let found = lead(&walk, 0.1, 14, |f| f.probability);
    assert_eq!(found, Lead { onsets: 2, warned: 1, median_days: 7.0 });
    assert_eq!(found.share(), 0.5);
}
