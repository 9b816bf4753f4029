//! Expressions with their TIMEX3 values in sentences of our own.

use super::times;
use crate::knowledge::Knowledge;
use crate::text::model::Model;

/// All expressions of a text published on 2018-07-18, a Wednesday, as "words=value".
fn check(text: &str, expect: &str) {
    check_on(text, Some("2018-07-18"), expect);
}

fn check_on(text: &str, published: Option<&str>, expect: &str) {
    let k = Knowledge::embedded().expect("the compiled-in knowledge loads");
    let model = Model::embedded().expect("the compiled-in model loads");
    let found = times(text, published.and_then(|d| d.parse().ok()), k, model);
    let got: Vec<String> = found.iter().map(|t| format!("{}={}", t.span.of(text), t.value)).collect();
    assert_eq!(got.join("; "), expect, "{text}");
}

#[test]
fn dates_in_full() {
    check("The treaty was signed on July 18, 2016, and again on 5 May.", "July 18, 2016=2016-07-18; 5 May=2018-05-05");
    check("The revolution came on 22 Bahman 1357.", "22 Bahman 1357=1979-02-11");
    check("They struck between 3 July and 5 July.", "3 July=2018-07-03; 5 July=2018-07-05");
    check("They struck on July 3 and 5.", "July 3=2018-07-03; 5=2018-07-05");
    check("He spoke on Christmas Eve.", "Christmas Eve=2017-12-24");
}

#[test]
fn tense_tells_which_one() {
    check("Troops left on Friday night.", "Friday night=2018-07-13TNI");
    check("He will arrive on Friday.", "Friday=2018-07-20");
    check("Thousands gathered to mark the country's entry into the alliance on Friday.", "Friday=2018-07-13");
    check("The court put off the hearing until Monday.", "Monday=2018-07-23");
    check("The vote was postponed until September.", "September=2018-09");
    check("They looked for ways to get around Tuesday's ruling.", "Tuesday=2018-07-17");
    check("The commission has set 9 August as the deadline.", "9 August=2018-08-09");
    check("A parade in Oslo on 12 September will mark the victory.", "12 September=2018-09-12");
    check("The queen's visit to Oslo in October was announced.", "October=2018-10");
    check("The deal may be signed in November.", "November=2018-11");
    check("He may have been killed in November.", "November=2017-11");
    check("The chairman stepped down, effective 1 February.", "1 February=2019-02-01");
    check("The leaders meet on Monday.", "Monday=2018-07-23");
    check("The truce had been scheduled to end on Friday.", "Friday=2018-07-13");
    check("He met the envoy in August.", "August=2017-08");
    check("He met the envoy in September.", "September=2017-09");
    check("The blast came at 10:35 a.m. (0735 GMT) Friday.", "10:35 a.m.=2018-07-13T10:35; 0735 GMT=2018-07-13T07:35Z; Friday=2018-07-13");
}

#[test]
fn a_clock_goes_on_in_the_day_told_last() {
    check("The depot was hit on Sunday. The fire began at 10 p.m. and lasted long.", "Sunday=2018-07-15; 10 p.m.=2018-07-15T22:00");
    check("The guests arrive at 10 p.m. and leave at noon.", "10 p.m.=2018-07-18T22:00; noon=2018-07-18T12:00");
}

#[test]
fn periods() {
    check("Exports fell in the third quarter of last year.", "the third quarter of last year=2017-Q3");
    check("They met in the week of March 6.", "the week of March 6=2018-W10");
    check("He was shot the day before Easter Sunday.", "the day before Easter Sunday=2018-03-31");
    check("Sales fell in the final quarter of 2016.", "the final quarter of 2016=2016-Q4");
    check("Late last week the talks failed.", "Late last week=2018-W28");
    check("In the early 1990s nobody asked.", "the early 1990s=199");
    check("The 11th century temple burned.", "The 11th century=10");
}

#[test]
fn lengths_and_what_is_counted_from_them() {
    check("The war began two years ago.", "two years ago=2016");
    check("She spoke three days earlier.", "three days earlier=2018-07-15");
    check("He was in office for the past three months.", "the past three months=P3M");
    check("Elections are held every four years.", "every four years=P4Y");
    check("The talks took 5 1/2 hours.", "5 1/2 hours=PT5.5H");
    check("Exports fell to $3 million from $4 million the year before.", "the year before=2017");
    check("Sales rose 5% a year.", "a year=P1Y");
    check("Oil rose to a sixteen-month high.", "sixteen-month=P16M");
    check("They held their third day-long meeting.", "");
    check("Sales were higher than the year previous.", "the year previous=2017");
}

#[test]
fn what_is_none() {
    check("A 6-year-old boy and a 4-month-old girl were hurt.", "");
    check("The mayor, 52 years old, was in his 30s then.", "");
    check("Thousands joined the annual March for Peace.", "");
    check("The attacks, minutes apart, made war a matter of days.", "");
    check("Theresa May said the deal was dead.", "");
    check("The exports of 2000 soldiers cost $1998.", "");
    check("The Communist Party daily Granma said so.", "");
    // Letters of two bytes where an ordinal has one.
    check("The codes 20â0 and 3ârd mean nothing.", "");
}

#[test]
fn nothing_relative_without_a_date_and_nothing_no_calendar_has() {
    check_on("Troops left yesterday and on Friday.", None, "yesterday=XXXX-XX-XX; Friday=XXXX-WXX-5");
    check("They met on 30 February 2018.", "30 February 2018=XXXX-XX-XX");
}
