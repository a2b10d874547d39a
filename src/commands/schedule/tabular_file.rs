//! Games as CSV (RFC 4180).

use super::Listing;
use crate::model::plain_text;

const HEADINGS: [&str; 13] = [
    "game_id",
    "team",
    "date",
    "time",
    "tipoff_utc",
    "side",
    "opponent",
    "arena",
    "city",
    "national_tv",
    "label",
    "status",
    "url",
];

/// `None` only if the writer fails, which memory does not.
pub(super) fn text(listing: &Listing) -> Option<String> {
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(HEADINGS).ok()?;
    for team in &listing.teams {
        for game in team.games.iter().chain(&team.postponed).chain(&team.cancelled) {
            let or_empty = |text: &Option<String>| cell(text.as_deref().unwrap_or_default());
            let record = [
                game.id.clone(),
                team.team.to_owned(),
                game.date.clone(),
                or_empty(&game.time),
                or_empty(&game.tipoff),
                if game.home { "home" } else { "away" }.to_owned(),
                game.opponent.to_owned(),
                or_empty(&game.arena),
                or_empty(&game.city),
                cell(&game.national_tv.join("|")),
                or_empty(&game.label),
                game.status.to_owned(),
                game.url.clone(),
            ];
            writer.write_record(record).ok()?;
        }
    }
    String::from_utf8(writer.into_inner().ok()?).ok()
}

/// A text from outside that no spreadsheet takes for a formula.
fn cell(text: &str) -> String {
    let text = plain_text::one_line(text);
    if text.starts_with(['=', '+', '-', '@']) { format!("'{text}") } else { text }
}
