//! Schedules in other people's forms: told apart, read, and given the league's ids.

use jiff::SignedDuration;
use nbatodo::model::{Game, Matchup, Status, Tipoff};
use nbatodo::schedule::given::{Given, GivenError, parse};
use nbatodo::schedule::{Schedule, bundled};
use serde_json::{Value, json};

use crate::rows::{at, game};
use crate::{FEED, instant};

const NOW: &str = "2026-11-24T12:00:00Z";
const HEADINGS: &str = "Match Number,Round Number,Date,Location,Home Team,Away Team,Result";

fn read(text: &str) -> Result<Given, GivenError> {
    parse(text.as_bytes(), &[bundled::newest().unwrap()], instant(NOW))
}

fn complaint(text: &str) -> String {
    let error = read(text).unwrap_err().to_string();
    assert!(!error.contains('\n'), "{error}");
    error
}

/// The games of the season whose teams and times are known.
fn placed() -> Vec<Game> {
    let games = bundled::newest().unwrap().games.into_iter();
    games.filter(|game| game.matchup.is_some()).collect()
}

fn parts(game: &Game) -> (Matchup, jiff::Timestamp) {
    let Tipoff::At(start) = game.tipoff else { panic!("{game:?}") };
    (game.matchup.unwrap(), start)
}

/// A line of the fixture list.
fn fixture(game: &Game) -> String {
    let (Matchup { home, away }, start) = parts(game);
    let date = start.strftime("%d/%m/%Y %H:%M");
    let name = |team: nbatodo::model::Tricode| team.team().full_name();
    format!("1,1,{date},Some Arena,{},{},\r\n", name(home), name(away))
}

fn fixtures(games: &[Game]) -> String {
    let lines: String = games.iter().map(fixture).collect();
    format!("{HEADINGS}\r\n{}", lines.trim_end())
}

/// An event as the team's route of ESPN's site API has it.
fn event(game: &Game) -> Value {
    let (Matchup { home, away }, start) = parts(game);
    let code = |team: nbatodo::model::Tricode| match team.as_str() {
        "GSW" => "GS",
        "NOP" => "NO",
        "NYK" => "NY",
        "SAS" => "SA",
        "UTA" => "UTAH",
        "WAS" => "WSH",
        other => other,
    };
    json!({
        "id": "401909088", "date": start.strftime("%Y-%m-%dT%H:%MZ").to_string(),
        "name": "Some name", "seasonType": {"id": "2", "type": 2}, "timeValid": true,
        "competitions": [{
            "timeValid": true, "neutralSite": false,
            "venue": {"fullName": "crypto.com Arena", "address": {"city": "A City", "state": null}},
            "competitors": [
                {"homeAway": "home", "team": {"id": "1", "abbreviation": code(home)}},
                {"homeAway": "away", "team": {"id": "2", "abbreviation": code(away)}},
            ],
            "notes": [], "status": {"type": {"name": "STATUS_SCHEDULED", "state": "pre"}},
            "broadcasts": [
                {"market": {"type": "National"}, "media": {"shortName": "ESPN"}},
                {"market": {"type": "Home"}, "media": {"shortName": "NESN"}},
                {"market": "national", "names": ["ABC", "ESPN"]},
            ],
        }],
    })
}

fn espn(events: &[Value]) -> String {
    json!({"timestamp": "2026-11-24T12:00:00Z", "events": events}).to_string()
}

fn calendar(games: &[Game]) -> String {
    let event = |game: &Game| {
        let (Matchup { home, away }, start) = parts(game);
        format!(
            "BEGIN:VEVENT\r\nUID:1@example.org\r\nDTSTART:{}\r\nDURATION:PT2H30M\r\n\
             SUMMARY:{} at {}\r\nLOCATION:An Arena\\, with a comma\r\nEND:VEVENT\r\n",
            start.strftime("%Y%m%dT%H%M%SZ"),
            away.team().full_name(),
            home.team().nickname,
        )
    };
    let events: String = games.iter().map(event).collect();
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{events}END:VCALENDAR\r\n")
}

/// Checks that the whole season came through with its ids and instants.
#[track_caller]
fn is_the_season(given: &Given) {
    let (season, found) = (placed(), &given.schedule);
    assert_eq!((found.games.len(), given.left_out.len()), (1200, 0));
    assert_eq!(found.published, instant(NOW));
    for (game, expected) in found.games.iter().zip(&season) {
        assert_eq!((&game.id, game.tipoff), (&expected.id, expected.tipoff));
        // The league's spelling of a place is not changed by another.
        assert_eq!((&game.venue, &game.label), (&expected.venue, &expected.label));
    }
}

#[test]
fn a_whole_season_in_each_form_gets_the_leagues_ids() {
    let games = placed();
    is_the_season(&read(&fixtures(&games)).unwrap());
    is_the_season(&read(&format!("\u{feff}{}", fixtures(&games))).unwrap());
    is_the_season(&read(&calendar(&games)).unwrap());
    let events: Vec<Value> = games.iter().map(event).collect();
    is_the_season(&read(&espn(&events)).unwrap());
    // Each game stands in the schedules of both its teams.
    is_the_season(&read(&espn(&[events.as_slice(), &events].concat())).unwrap());
}

#[test]
fn the_leagues_own_form_is_taken_as_it_is() {
    let given = read(FEED).unwrap();
    assert_eq!(given.schedule, nbatodo::schedule::feed::parse(FEED.as_bytes()).unwrap());
    assert!(complaint(&FEED[..FEED.len() / 2]).contains("cut off"));
    let other = FEED.replace("\"leagueId\":\"00\"", "\"leagueId\":\"10\"");
    assert!(complaint(&other).contains("league \"10\""));
}

#[test]
fn what_is_none_of_the_forms_is_refused() {
    for text in [
        "",
        "<html>",
        "{}",
        "[]",
        "{\"games\":[]}",
        "\u{0}\u{1}",
        // A file by the name of a fixture list that is another site's export.
        "Date,Start (ET),Visitor/Neutral,PTS,Home/Neutral,PTS,,,Attend.,LOG,Arena,Notes\n\
         Tue Oct 21 2025,7:30p,HOU,124,OKC,125,,,1,2:30,Paycom Center,\n",
    ] {
        let error = read(text).unwrap_err();
        let is_cut = error.to_string().contains("cut off");
        assert!(matches!(error, GivenError::Form) || is_cut, "{text}: {error}");
    }
    for empty in [HEADINGS, "{\"events\":[]}", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"] {
        assert_eq!(read(empty).unwrap_err(), GivenError::Empty);
    }
    let last_year = "1,1,21/10/2025 23:30,Arena,Oklahoma City Thunder,Houston Rockets,125 - 124";
    assert!(complaint(&format!("{HEADINGS}\n{last_year}\n")).contains("games of 2025-26"));
    let strangers = "1,1,21/10/2026 23:30,Arena,Boston Celtics,Boston Celtics,";
    assert!(complaint(&format!("{HEADINGS}\n{strangers}\n")).contains("BOS at BOS on 2026-10-21"));
}

#[test]
fn a_message_names_the_place_and_the_field() {
    let games = &placed()[..3];
    let list = fixtures(games);
    let name = parts(&games[1]).0.home.team().full_name();
    for (bad, parts) in [
        (list.replace(&name, "Seattle SuperSonics"), ["line 3", "Home Team", "Seattle"]),
        (list.replace("20/10/2026 23:00", "10/20/2026 7 pm"), ["line 3", "Date", "10/20/2026"]),
        (list.replace("20/10/2026 23:00", "20/10/2028 23:00"), ["line 3", "season", "2026-27"]),
    ] {
        let error = complaint(&bad);
        assert!(parts.iter().all(|part| error.contains(part)), "{error}");
    }
    let whole = calendar(games);
    for (bad, parts) in [
        (whole.replace("20261020T230000Z", "20261020T2300Z"), ["line 12", "DTSTART", "2300Z"]),
        (whole.replace("20261020T230000Z", "20261020T230000"), ["line 12", "DTSTART", "zone"]),
        (whole.replace(" at ", " beat "), ["line 7", "SUMMARY", "beat"]),
        (whole.replace("END:VCALENDAR", ""), ["end", "END", "cut off"]),
    ] {
        let error = complaint(&bad);
        assert!(parts.iter().all(|part| error.contains(part)), "{error}");
    }
    let mut events: Vec<Value> = games.iter().map(event).collect();
    events[1]["date"] = json!("soon");
    let error = complaint(&espn(&events));
    assert!(error.contains("event 2, date: \"soon\""), "{error}");
    events[1] = event(&games[1]);
    events[2]["competitions"][0]["competitors"][0]["team"]["abbreviation"] = json!("SEA");
    let error = complaint(&espn(&events));
    assert!(error.contains("event 3, team.abbreviation") && error.contains("SEA"), "{error}");
}

/// The season with a change to the games of one pair, as a list.
fn changed(home: &str, away: &str, change: impl Fn(usize, &mut Game) -> bool) -> Given {
    let (mut games, mut number) = (placed(), 0);
    games.retain_mut(|game| {
        let Matchup { home: host, away: guest } = game.matchup.unwrap();
        if (host.as_str(), guest.as_str()) != (home, away) {
            return true;
        }
        number += 1;
        change(number, game)
    });
    read(&fixtures(&games)).unwrap()
}

fn shift(game: &mut Game, hours: i64) {
    let (_, start) = parts(game);
    game.tipoff = Tipoff::At(start.checked_add(SignedDuration::from_hours(hours)).unwrap());
}

/// GSW plays at OKC on 8 and on 9 April, Eastern.
#[test]
fn a_moved_game_is_told_from_another_of_the_same_pair() {
    let season = Schedule { games: placed(), ..bundled::newest().unwrap() };
    let tipoffs =
        |given: &Given| ["0022601171", "0022601179"].map(|id| game(&given.schedule, id).tipoff);
    let before = ["0022601171", "0022601179"].map(|id| game(&season, id).tipoff);
    // By an hour, on its day.
    let given = changed("OKC", "GSW", |number, game| {
        shift(game, i64::from(number == 1));
        true
    });
    assert_eq!(tipoffs(&given), [at("2027-04-09T02:30:00Z"), before[1]]);
    // To the day before: the second keeps its day, so the first is the one that moved.
    let given = changed("OKC", "GSW", |number, game| {
        shift(game, if number == 1 { -24 } else { 0 });
        true
    });
    assert_eq!(tipoffs(&given), [at("2027-04-08T01:30:00Z"), before[1]]);
    // Gone from the list: the other one is still itself.
    let given = changed("OKC", "GSW", |number, _| number == 1);
    assert_eq!(given.schedule.games.len(), 1199);
    assert_eq!(game(&given.schedule, "0022601171").tipoff, before[0]);
    // Moved, and the other one gone: nobody can say which it is, so neither.
    let given = changed("OKC", "GSW", |number, game| {
        shift(game, 7 * 24);
        number == 1
    });
    assert_eq!(given.schedule.games.len(), 1198);
    assert_eq!(given.left_out, ["GSW at OKC on 2027-04-15"]);
}

/// ESPN keeps the old slot of a postponed game as a row, and gives the replay a new id.
#[test]
fn a_postponed_game_and_its_replay_are_one() {
    let games = placed();
    let mut events: Vec<Value> = games.iter().map(event).collect();
    let at_home = |it: &&Game| it.id.to_string() == "0022600976";
    let old = games.iter().find(at_home).unwrap().clone();
    let place = games.iter().position(|it| it.id == old.id).unwrap();
    let postponed = "STATUS_POSTPONED";
    events[place]["competitions"][0]["status"]["type"]["name"] = json!(postponed);
    let off = read(&espn(&events)).unwrap();
    assert_eq!(game(&off.schedule, "0022600976").status, Status::Postponed);
    let mut replay = old;
    replay.tipoff = at("2027-04-12T23:00:00Z");
    events.push(event(&replay));
    let again = read(&espn(&events)).unwrap();
    let game = game(&again.schedule, "0022600976");
    assert_eq!((game.status, game.tipoff), (Status::Scheduled, replay.tipoff));
    assert_eq!(again.schedule.games.len(), 1200);
}

#[test]
fn espns_oddities_are_read() {
    let games = placed();
    let first = &games[0];
    let with = |change: &dyn Fn(&mut Value)| {
        let mut it = event(first);
        change(&mut it);
        read(&espn(&[it, event(&games[1])])).unwrap()
    };
    // An undecided time: Eastern midnight, and a mark.
    let undecided = with(&|it| {
        it["date"] = json!("2026-10-20T04:00Z");
        it["competitions"][0]["timeValid"] = json!(false);
    });
    let day = Tipoff::Undecided("2026-10-20".parse().unwrap());
    assert_eq!(game(&undecided.schedule, &first.id.to_string()).tipoff, day);
    // Guests of the preseason and All-Star selections are no business of ours.
    for kind in ["seasonType", "season"] {
        let guests = with(&|it| {
            it.as_object_mut().unwrap().remove("seasonType");
            it[kind] = if kind == "season" { json!({"type": 4}) } else { json!({"id": "1"}) };
            it["competitions"][0]["competitors"][0]["team"]["abbreviation"] = json!("STARS");
        });
        assert_eq!(guests.schedule.games.len(), 1);
    }
    // Of a game that is played, the date can be the minute at which it really began.
    for (status, start) in
        [("STATUS_FINAL", first.tipoff), ("STATUS_SCHEDULED", at("2026-10-20T19:17:00Z"))]
    {
        let begun = with(&|it| {
            it["date"] = json!("2026-10-20T19:17Z");
            it["competitions"][0]["status"]["type"]["name"] = json!(status);
        });
        assert_eq!(game(&begun.schedule, &first.id.to_string()).tipoff, start);
    }
    // Nobody knows yet who plays: no business of ours until it is known.
    for nobody in [json!("TBD"), json!(""), Value::Null] {
        let undecided = with(&|it| {
            it["competitions"][0]["competitors"][1]["team"]["abbreviation"] = nobody.clone();
        });
        assert_eq!(undecided.schedule.games.len(), 1, "{nobody}");
    }
    // What is missing may be missing in any way.
    let bare = with(&|it| {
        for absent in ["notes", "broadcasts", "venue", "status", "timeValid"] {
            it["competitions"][0][absent] = Value::Null;
        }
    });
    assert_eq!(bare.schedule.games.len(), 2);
    // A channel is only taken where the league names none.
    let unshown = games.iter().find(|game| game.national_tv.is_empty()).unwrap();
    let given = read(&espn(&[event(unshown)])).unwrap();
    assert_eq!(given.schedule.games[0].national_tv, ["ESPN", "ABC"]);
}

#[test]
fn calendars_come_in_several_manners() {
    let games = placed();
    let tipoff = |event: &str| {
        let text = format!("BEGIN:VCALENDAR\nBEGIN:VEVENT\n{event}\nEND:VEVENT\nEND:VCALENDAR\n");
        let games = read(&text).unwrap().schedule.games;
        assert_eq!((games.len(), games[0].id.to_string().as_str()), (1, "0022600002"), "{event}");
        (games[0].tipoff, games[0].status)
    };
    let real = (
        games.iter().find(|it| it.id.to_string() == "0022600002").unwrap().tipoff,
        Status::Scheduled,
    );
    for summary in [
        "76ers at Knicks",
        "Philadelphia 76ers @ New York Knicks",
        "Knicks vs. 76ers",
        "NYK vs PHI",
        "Sixers 98 at Knicks 104 (Final)",
        "🏀 76ers at Knicks",
    ] {
        assert_eq!(tipoff(&format!("DTSTART:20261020T230000Z\nSUMMARY:{summary}")), real);
    }
    for start in [
        "DTSTART;TZID=America/New_York:20261020T190000",
        "DTSTART;TZID=\"Europe/Berlin\":20261021T010000",
        "DTSTART;VALUE=DATE-TIME:20261020T230000Z",
        "DTSTART:20261020T2300\n 00Z",
    ] {
        assert_eq!(tipoff(&format!("{start}\nSUMMARY;LANGUAGE=en:76ers at Knicks")), real);
    }
    let day = tipoff("DTSTART;VALUE=DATE:20261020\nSUMMARY:76ers at Knicks");
    assert_eq!(day.0, Tipoff::Undecided("2026-10-20".parse().unwrap()));
    // What stands within an event is not the event's own.
    let alarm = "BEGIN:VALARM\nACTION:EMAIL\nSUMMARY:Alarm notification\nEND:VALARM";
    let start = "DTSTART:20261020T230000Z\nSUMMARY:76ers at Knicks";
    assert_eq!(tipoff(&format!("{start}\n{alarm}")), real);
    assert_eq!(tipoff(&format!("{alarm}\n{start}")), real);
    // Names of properties and components are the same in any case (section 1.3).
    let small = "begin:vcalendar\nbegin:vevent\nsummary:76ers at Knicks\n\
                 dtstart:20261020T230000Z\nend:vevent\nend:vcalendar\n";
    assert_eq!(read(small).unwrap().schedule.games.len(), 1);
    let off = tipoff("DTSTART:20261020T230000Z\nSUMMARY:76ers at Knicks\nSTATUS:CANCELLED");
    assert_eq!(off.1, Status::Postponed);
}
