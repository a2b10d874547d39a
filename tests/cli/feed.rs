//! The league's feed on a socket of this machine, with games that lie ahead whenever the test
//! runs.

use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::sync::{Arc, Mutex};

use jiff::{SignedDuration, Timestamp, Unit};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::world::World;
use nbatodo::model::Tricode;

/// A game of the Celtics.
#[derive(Clone)]
pub(crate) struct FeedGame {
    pub(crate) id: String,
    pub(crate) tipoff: Timestamp,
    pub(crate) home: &'static str,
    pub(crate) away: &'static str,
    pub(crate) status_text: &'static str,
}

/// `count` games of the Celtics from tomorrow on, at home and away in turn. With 30 hours between
/// them, no two are on one day, whatever the zones of the arenas.
pub(crate) fn celtics_games(count: usize) -> Vec<FeedGame> {
    let opponents: Vec<&str> =
        Tricode::all().map(Tricode::as_str).filter(|code| *code != "BOS").collect();
    let now = Timestamp::now().round(Unit::Minute).unwrap();
    (1..=count)
        .map(|serial| {
            let opponent = opponents[serial % opponents.len()];
            let (home, away) = if serial % 2 == 0 { ("BOS", opponent) } else { (opponent, "BOS") };
            let ahead = SignedDuration::from_hours(24 + 30 * i64::try_from(serial - 1).unwrap());
            FeedGame {
                id: format!("002{:02}{serial:05}", season_start() % 100),
                tipoff: now.checked_add(ahead).unwrap(),
                home,
                away,
                status_text: "7:00 pm ET",
            }
        })
        .collect()
}

/// The season that these games belong to: one that a game of yesterday and one of next month
/// can both be in, and never older than the bundled one.
pub(crate) fn season_start() -> i16 {
    let ago = Timestamp::now().checked_sub(SignedDuration::from_hours(60 * 24)).unwrap();
    ago.in_tz("UTC").unwrap().year()
}

/// The feed's text, in the league's shape.
pub(crate) fn text(games: &[FeedGame]) -> String {
    season_text(season_start(), games)
}

/// That of the season that starts in the year `start`.
pub(crate) fn season_text(start: i16, games: &[FeedGame]) -> String {
    let games: Vec<Value> = games.iter().map(game).collect();
    json!({
        "meta": {"version": 1, "time": Timestamp::now().to_string()},
        "leagueSchedule": {
            "seasonYear": format!("{start}-{:02}", (start + 1) % 100),
            "leagueId": "00",
            "gameDates": [{"gameDate": "10/20/2026 00:00:00", "games": games}],
            "weeks": [],
        },
    })
    .to_string()
}

fn game(game: &FeedGame) -> Value {
    let eastern = game.tipoff.in_tz("America/New_York").unwrap();
    json!({
        "gameId": game.id,
        "gameStatus": 1,
        "gameStatusText": game.status_text,
        "gameDateEst": format!("{}T00:00:00Z", eastern.date()),
        "gameTimeEst": format!("1900-01-01T{}Z", eastern.time().strftime("%H:%M:%S")),
        "gameDateTimeUTC": game.tipoff.to_string(),
        "postponedStatus": "A",
        "gameLabel": "",
        "gameSubLabel": "",
        "arenaName": "An Arena",
        "arenaCity": "A City",
        "broadcasters": {"nationalBroadcasters": [{"broadcasterDisplay": "NBC"}]},
        "homeTeam": side(game.home),
        "awayTeam": side(game.away),
    })
}

fn side(code: &str) -> Value {
    let team = Tricode::of(code).unwrap().team();
    json!({
        "teamId": team.nba_id,
        "teamName": team.nickname,
        "teamCity": team.city,
        "teamTricode": code,
        "score": 0,
    })
}

/// A feed that is being served.
pub(crate) struct ServedFeed {
    /// Where.
    pub(crate) address: String,
    said: Arc<Mutex<Option<String>>>,
}

impl ServedFeed {
    /// It says this from now on, at the same address.
    pub(crate) fn becomes(&self, body: String) {
        *self.said.lock().unwrap() = Some(body);
    }

    /// From now on it hangs up on everybody.
    pub(crate) fn is_gone(&self) {
        *self.said.lock().unwrap() = None;
    }
}

impl World {
    /// Serves `body` as the league's feed from now on, at an address of its own.
    pub(crate) fn serve_feed(&self, body: String) -> ServedFeed {
        let listener = self.runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        let address = format!("http://{address}/scheduleLeagueV2.json");
        self.feed_at(address.clone());
        let said = Arc::new(Mutex::new(Some(body)));
        let feed = ServedFeed { address, said: said.clone() };
        self.runtime.spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut request = [0; 4096];
                if let Ok(read @ 1..) = stream.read(&mut request).await {
                    let Some(mut body) = said.lock().unwrap().clone() else { continue };
                    let etag = format!(
                        "\"{:x}\"",
                        BuildHasherDefault::<DefaultHasher>::default().hash_one(&body)
                    );
                    let is_known = String::from_utf8_lossy(&request[..read]).contains(&etag);
                    let status = if is_known { "304 Not Modified" } else { "200 OK" };
                    if is_known {
                        body.clear();
                    }
                    let head = format!(
                        "HTTP/1.1 {status}\r\nContent-Type: text/plain\r\nETag: {etag}\r\n\
                         Content-Length: {}\r\nConnection: close\r\n\r\n",
                        body.len()
                    );
                    // A client that has gone away is the test's own business.
                    drop(stream.write_all(head.as_bytes()).await);
                    drop(stream.write_all(body.as_bytes()).await);
                }
            }
        });
        feed
    }
}
