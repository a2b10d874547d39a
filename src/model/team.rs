//! The thirty teams, and the three letters by which the league tells them apart.

use std::fmt;
use std::hash::{Hash, Hasher};

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::model::league::Conference::{self, East, West};
use crate::model::league::Division::{
    self, Atlantic, Central, Northwest, Pacific, Southeast, Southwest,
};

/// A team of the league, by its three letters: `BOS`. No other value can be made.
#[derive(Clone, Copy)]
pub struct Tricode(&'static Team);

impl Tricode {
    /// The team with these capital letters, if the league has one.
    pub fn of(code: &str) -> Option<Self> {
        TEAMS.iter().find(|team| team.code == code).map(Self)
    }

    /// All thirty, in the order of their letters.
    pub fn all() -> impl Iterator<Item = Self> {
        TEAMS.iter().map(Self)
    }

    /// The three letters.
    pub fn as_str(self) -> &'static str {
        self.0.code
    }

    /// Who that is.
    pub fn team(self) -> &'static Team {
        self.0
    }
}

impl PartialEq for Tricode {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Tricode {}

impl Hash for Tricode {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl PartialOrd for Tricode {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Tricode {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl fmt::Display for Tricode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Tricode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Tricode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        Self::of(&code).ok_or_else(|| D::Error::custom("not the letters of a team"))
    }
}

impl fmt::Debug for Tricode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Red, green and blue, 0 to 255 in sRGB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rgb(pub u8, pub u8, pub u8);

/// What there is to know of a team.
#[derive(Debug)]
pub struct Team {
    code: &'static str,
    /// Where it plays, as the league writes it: `Golden State`, `LA`.
    pub city: &'static str,
    /// What it is called: `Celtics`.
    pub nickname: &'static str,
    /// The league's number for it, as in its feeds.
    pub nba_id: u32,
    /// Its half of the league.
    pub conference: Conference,
    /// Its sixth of the league.
    pub division: Division,
    /// The IANA zone of its home arena.
    pub zone: &'static str,
    /// The colour by which people know it.
    pub color: Rgb,
    /// What else people call it, in lower case or as other sources abbreviate it.
    pub aliases: &'static [&'static str],
}

impl Team {
    /// City and nickname: `Boston Celtics`.
    pub fn full_name(&self) -> String {
        format!("{} {}", self.city, self.nickname)
    }
}

#[rustfmt::skip] // A table reads best as one.
static TEAMS: [Team; 30] = [
    Team { code: "ATL", city: "Atlanta", nickname: "Hawks", nba_id: 1_610_612_737, conference: East, division: Southeast, zone: "America/New_York", color: Rgb(0xe0, 0x3a, 0x3e), aliases: &[] },
    Team { code: "BKN", city: "Brooklyn", nickname: "Nets", nba_id: 1_610_612_751, conference: East, division: Atlantic, zone: "America/New_York", color: Rgb(0x00, 0x00, 0x00), aliases: &["BRK", "BK", "NJN", "brooklyn"] },
    Team { code: "BOS", city: "Boston", nickname: "Celtics", nba_id: 1_610_612_738, conference: East, division: Atlantic, zone: "America/New_York", color: Rgb(0x00, 0x7a, 0x33), aliases: &["celts"] },
    Team { code: "CHA", city: "Charlotte", nickname: "Hornets", nba_id: 1_610_612_766, conference: East, division: Southeast, zone: "America/New_York", color: Rgb(0x00, 0x78, 0x8c), aliases: &["CHO", "CHH"] },
    Team { code: "CHI", city: "Chicago", nickname: "Bulls", nba_id: 1_610_612_741, conference: East, division: Central, zone: "America/Chicago", color: Rgb(0xce, 0x11, 0x41), aliases: &[] },
    Team { code: "CLE", city: "Cleveland", nickname: "Cavaliers", nba_id: 1_610_612_739, conference: East, division: Central, zone: "America/New_York", color: Rgb(0x86, 0x00, 0x38), aliases: &["cavs"] },
    Team { code: "DAL", city: "Dallas", nickname: "Mavericks", nba_id: 1_610_612_742, conference: West, division: Southwest, zone: "America/Chicago", color: Rgb(0x00, 0x53, 0x8c), aliases: &["mavs"] },
    Team { code: "DEN", city: "Denver", nickname: "Nuggets", nba_id: 1_610_612_743, conference: West, division: Northwest, zone: "America/Denver", color: Rgb(0x0e, 0x22, 0x40), aliases: &["nugs"] },
    Team { code: "DET", city: "Detroit", nickname: "Pistons", nba_id: 1_610_612_765, conference: East, division: Central, zone: "America/Detroit", color: Rgb(0xc8, 0x10, 0x2e), aliases: &[] },
    Team { code: "GSW", city: "Golden State", nickname: "Warriors", nba_id: 1_610_612_744, conference: West, division: Pacific, zone: "America/Los_Angeles", color: Rgb(0x1d, 0x42, 0x8a), aliases: &["GS", "GOS", "dubs", "golden state", "san francisco"] },
    Team { code: "HOU", city: "Houston", nickname: "Rockets", nba_id: 1_610_612_745, conference: West, division: Southwest, zone: "America/Chicago", color: Rgb(0xce, 0x11, 0x41), aliases: &[] },
    Team { code: "IND", city: "Indiana", nickname: "Pacers", nba_id: 1_610_612_754, conference: East, division: Central, zone: "America/Indiana/Indianapolis", color: Rgb(0xfd, 0xbb, 0x30), aliases: &["indianapolis"] },
    Team { code: "LAC", city: "LA", nickname: "Clippers", nba_id: 1_610_612_746, conference: West, division: Pacific, zone: "America/Los_Angeles", color: Rgb(0xc8, 0x10, 0x2e), aliases: &["la", "los angeles", "los angeles clippers", "la clippers", "clips"] },
    Team { code: "LAL", city: "Los Angeles", nickname: "Lakers", nba_id: 1_610_612_747, conference: West, division: Pacific, zone: "America/Los_Angeles", color: Rgb(0x55, 0x25, 0x83), aliases: &["la", "los angeles", "la lakers", "lakeshow"] },
    Team { code: "MEM", city: "Memphis", nickname: "Grizzlies", nba_id: 1_610_612_763, conference: West, division: Southwest, zone: "America/Chicago", color: Rgb(0x5d, 0x76, 0xa9), aliases: &["grizz", "griz"] },
    Team { code: "MIA", city: "Miami", nickname: "Heat", nba_id: 1_610_612_748, conference: East, division: Southeast, zone: "America/New_York", color: Rgb(0x98, 0x00, 0x2e), aliases: &[] },
    Team { code: "MIL", city: "Milwaukee", nickname: "Bucks", nba_id: 1_610_612_749, conference: East, division: Central, zone: "America/Chicago", color: Rgb(0x00, 0x47, 0x1b), aliases: &[] },
    Team { code: "MIN", city: "Minnesota", nickname: "Timberwolves", nba_id: 1_610_612_750, conference: West, division: Northwest, zone: "America/Chicago", color: Rgb(0x0c, 0x23, 0x40), aliases: &["wolves", "t-wolves", "twolves", "minneapolis"] },
    Team { code: "NOP", city: "New Orleans", nickname: "Pelicans", nba_id: 1_610_612_740, conference: West, division: Southwest, zone: "America/Chicago", color: Rgb(0x0c, 0x23, 0x40), aliases: &["NO", "NOR", "NOH", "pels", "nola"] },
    Team { code: "NYK", city: "New York", nickname: "Knicks", nba_id: 1_610_612_752, conference: East, division: Atlantic, zone: "America/New_York", color: Rgb(0xf5, 0x84, 0x26), aliases: &["NY", "knickerbockers"] },
    Team { code: "OKC", city: "Oklahoma City", nickname: "Thunder", nba_id: 1_610_612_760, conference: West, division: Northwest, zone: "America/Chicago", color: Rgb(0x00, 0x7a, 0xc1), aliases: &["oklahoma"] },
    Team { code: "ORL", city: "Orlando", nickname: "Magic", nba_id: 1_610_612_753, conference: East, division: Southeast, zone: "America/New_York", color: Rgb(0x00, 0x77, 0xc0), aliases: &[] },
    Team { code: "PHI", city: "Philadelphia", nickname: "76ers", nba_id: 1_610_612_755, conference: East, division: Atlantic, zone: "America/New_York", color: Rgb(0x00, 0x6b, 0xb6), aliases: &["PHL", "sixers", "philly"] },
    Team { code: "PHX", city: "Phoenix", nickname: "Suns", nba_id: 1_610_612_756, conference: West, division: Pacific, zone: "America/Phoenix", color: Rgb(0x1d, 0x11, 0x60), aliases: &["PHO"] },
    Team { code: "POR", city: "Portland", nickname: "Trail Blazers", nba_id: 1_610_612_757, conference: West, division: Northwest, zone: "America/Los_Angeles", color: Rgb(0xe0, 0x3a, 0x3e), aliases: &["blazers", "trailblazers", "rip city"] },
    Team { code: "SAC", city: "Sacramento", nickname: "Kings", nba_id: 1_610_612_758, conference: West, division: Pacific, zone: "America/Los_Angeles", color: Rgb(0x5a, 0x2d, 0x81), aliases: &[] },
    Team { code: "SAS", city: "San Antonio", nickname: "Spurs", nba_id: 1_610_612_759, conference: West, division: Southwest, zone: "America/Chicago", color: Rgb(0xc4, 0xce, 0xd4), aliases: &["SA", "SAN"] },
    Team { code: "TOR", city: "Toronto", nickname: "Raptors", nba_id: 1_610_612_761, conference: East, division: Atlantic, zone: "America/Toronto", color: Rgb(0xce, 0x11, 0x41), aliases: &["raps"] },
    Team { code: "UTA", city: "Utah", nickname: "Jazz", nba_id: 1_610_612_762, conference: West, division: Northwest, zone: "America/Denver", color: Rgb(0x4b, 0x2e, 0x83), aliases: &["UTAH", "UTH", "salt lake city"] },
    Team { code: "WAS", city: "Washington", nickname: "Wizards", nba_id: 1_610_612_764, conference: East, division: Southeast, zone: "America/New_York", color: Rgb(0x00, 0x2b, 0x5c), aliases: &["WSH", "wiz", "zards"] },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_league_has_two_halves_of_three_divisions_of_five() {
        assert_eq!(Tricode::all().count(), 30);
        for conference in [East, West] {
            assert_eq!(Tricode::all().filter(|t| t.team().conference == conference).count(), 15);
        }
        for division in [Atlantic, Central, Southeast, Northwest, Pacific, Southwest] {
            assert_eq!(Tricode::all().filter(|t| t.team().division == division).count(), 5);
        }
    }

    #[test]
    fn every_home_zone_is_known() {
        for code in Tricode::all() {
            assert!(jiff::tz::TimeZone::get(code.team().zone).is_ok(), "{code}");
        }
    }

    #[test]
    fn only_the_league_has_tricodes() {
        assert_eq!(
            Tricode::of("BOS").map(|code| code.team().full_name()),
            Some("Boston Celtics".to_owned())
        );
        assert!(Tricode::of("bos").is_none());
        assert!(Tricode::of("MEL").is_none());
    }
}
