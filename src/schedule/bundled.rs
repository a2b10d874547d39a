//! The seasons in the binary: what there is to go by when the feed does not answer.
//!
//! A season is one file in `seasons/`: a first line `# Published YYYY-MM-DD`, then CSV with
//! the columns of `table`. To add one, drop in the file and name it in `SEASONS`.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::model::Season;
use crate::schedule::{Schedule, table};

/// Every season in the binary, and its file.
const SEASONS: [(&str, &str); 1] = [("2026-27", include_str!("seasons/2026-27.csv"))];

/// What the first line starts with, before the day.
const PUBLISHED: &str = "# Published ";

/// The season in the binary is damaged, which only a faulty build can bring about.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the bundled season {season} is damaged, line {line}: {what}")]
pub struct BundledError {
    /// The season's name.
    pub season: String,
    /// The line of its file, counted from 1.
    pub line: u64,
    /// What is wrong there.
    pub what: String,
}

/// The newest season in the binary, all of it still to be played as far as its file knows.
///
/// # Errors
/// [`BundledError`] where its file is damaged.
pub fn newest() -> Result<Schedule, BundledError> {
    let (season, text) = newest_file()?;
    parse(season, text)
}

/// That season, if it is in the binary.
///
/// # Errors
/// [`BundledError`] where its file is damaged.
pub fn season(wanted: Season) -> Result<Option<Schedule>, BundledError> {
    let file = SEASONS.iter().find(|(name, _)| *name == wanted.to_string());
    file.map(|(_, text)| parse(wanted, text)).transpose()
}

/// The name of what [`newest`] returns, without reading it.
///
/// # Errors
/// [`BundledError`] where a name in the list is no season.
pub fn newest_season() -> Result<Season, BundledError> {
    newest_file().map(|(season, _)| season)
}

fn newest_file() -> Result<(Season, &'static str), BundledError> {
    let mut newest: Option<(Season, &'static str)> = None;
    for (name, text) in SEASONS {
        let season = name.parse::<Season>().map_err(|error| damaged(name, 1, error))?;
        if newest.is_none_or(|(other, _)| season > other) {
            newest = Some((season, text));
        }
    }
    newest.ok_or_else(|| damaged("", 1, "there is none"))
}

fn parse(season: Season, text: &str) -> Result<Schedule, BundledError> {
    let name = season.to_string();
    let published =
        publication(text).ok_or_else(|| damaged(&name, 1, "it does not say when it was made"))?;
    let games = table::read(season, text).map_err(|it| damaged(&name, it.line, it.what))?;
    Ok(Schedule::in_order(season, published, games))
}

/// Midnight UTC of the day in the first line.
fn publication(text: &str) -> Option<Timestamp> {
    let day: Date = text.strip_prefix(PUBLISHED)?.get(..10)?.parse().ok()?;
    Some(day.to_zoned_datetime(TimeZone::UTC).ok()?.timestamp())
}

fn damaged(season: &str, line: u64, what: impl ToString) -> BundledError {
    BundledError { season: season.to_owned(), line, what: what.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Tipoff;

    const HEAD: &str = "# Published 2027-08-15\n\
                        game_id,tipoff,home,away,arena,city,label,national_tv\n";

    fn read(lines: &str) -> Result<Schedule, BundledError> {
        parse(Season::starting(2027), &format!("{HEAD}{lines}"))
    }

    #[test]
    fn a_line_is_a_game() {
        let schedule = read(
            "0022700002,2027-12-04,,,,,Cup,\n\
             0022700001,2027-10-20T00:00:00Z,BOS,NYK,\"TD, Garden\",Boston,,ABC|ESPN\n",
        )
        .unwrap();
        assert_eq!(schedule.published.to_string(), "2027-08-15T00:00:00Z");
        let [opening, cup] = &schedule.games[..] else { panic!("not two games") };
        assert_eq!(opening.tipoff, Tipoff::At("2027-10-20T00:00:00Z".parse().unwrap()));
        assert_eq!(opening.venue.as_ref().unwrap().arena, "TD, Garden");
        assert_eq!(opening.national_tv, ["ABC", "ESPN"]);
        assert_eq!(cup.tipoff, Tipoff::Undecided("2027-12-04".parse().unwrap()));
        assert_eq!((cup.matchup, cup.venue.as_ref()), (None, None));
    }

    #[test]
    fn damage_is_found_with_its_line() {
        let good = "0022700001,2027-10-20T00:00:00Z,BOS,NYK,TD Garden,Boston,,\n";
        for bad in [
            "0022700002,2027-10-20T00:00:00Z,BOS,SEA,TD Garden,Boston,,\n",
            "0022700002,2027-10-20T00:00:00Z,BOS,,TD Garden,Boston,,\n",
            "0022700002,soon,BOS,NYK,TD Garden,Boston,,\n",
            "0022600002,2027-10-20T00:00:00Z,BOS,NYK,TD Garden,Boston,,\n",
            "22700002,2027-10-20T00:00:00Z,BOS,NYK,TD Garden,Boston,,\n",
            "0022700002,2027-10-20\n",
            good,
        ] {
            assert_eq!(read(&format!("{good}{bad}")).unwrap_err().line, 4, "{bad}");
        }
        assert_eq!(parse(Season::starting(2027), "game_id\n").unwrap_err().line, 1);
    }

    #[test]
    fn every_file_in_the_folder_is_named_and_readable() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/schedule/seasons");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .collect();
        files.sort();
        let mut named = SEASONS.map(|(season, _)| format!("{season}.csv"));
        named.sort();
        assert_eq!(files, named);
        for (season, text) in SEASONS {
            assert!(parse(season.parse().unwrap(), text).is_ok(), "{season}");
        }
    }
}
