//! The schedules at hand where the feed does not answer.

use jiff::Timestamp;

use crate::commands::doctor::{Area, Check};
use crate::model::SecureUrl;
use crate::paths::Paths;
use crate::schedule::copy::CopyFile;
use crate::schedule::{age, bundled};

const AREA: Area = Area::Schedule;
/// The league changes its schedule many times in so many days.
const OLD_COPY_DAYS: i64 = 14;
/// By then another season has begun.
const OLD_SEASON_DAYS: i64 = 330;

pub(super) fn checks(paths: &Paths, feed: &SecureUrl, now: Timestamp) -> Vec<Check> {
    vec![copy(&CopyFile::of(&paths.schedules(), feed), now), in_the_binary(now)]
}

fn copy(file: &CopyFile, now: Timestamp) -> Check {
    const CHECK: &str = "copy of the feed";
    let Some(copy) = file.read() else {
        return if file.is_there() {
            AREA.warning(CHECK, "it cannot be used: the next run that reaches the feed replaces it")
        } else {
            AREA.ok(CHECK, "none yet")
        };
    };
    let (season, ago) = (copy.schedule.season, age::spoken(copy.asked, now));
    let found = format!("{season}, asked {ago} ago");
    if age::days(copy.asked, now) < OLD_COPY_DAYS {
        return AREA.ok(CHECK, found);
    }
    AREA.warning(CHECK, found).remedied_by("Ask the feed anew with: nbatodo schedule --team BOS")
}

fn in_the_binary(now: Timestamp) -> Check {
    const CHECK: &str = "bundled season";
    match bundled::newest() {
        Ok(schedule) => {
            let day = schedule.published.strftime("%Y-%m-%d");
            let found = format!("{}, published {day}", schedule.season);
            if age::days(schedule.published, now) < OLD_SEASON_DAYS {
                AREA.ok(CHECK, found)
            } else {
                AREA.warning(CHECK, found).remedied_by("Update nbatodo.")
            }
        }
        Err(error) => AREA.problem(CHECK, error.to_string()).remedied_by("Install nbatodo anew."),
    }
}
