//! The words of the domain. No I/O, no clock, no network.

pub mod counted;
pub mod duration;
pub mod game;
pub mod league;
pub mod nearest;
pub mod origin;
pub mod plain_text;
pub mod profile;
pub mod season;
pub mod secret;
pub mod selection;
pub mod system_error;
pub mod team;
pub mod team_name;
pub mod time_style;
pub mod tipoff;

pub use counted::counted;
pub use game::{Game, GameId, Matchup, Status, Venue};
pub use league::{Conference, Division};
pub use nearest::{nearest, nearest_within};
pub use origin::{Origin, SecureUrl};
pub use profile::Profile;
pub use season::{Season, Stage};
pub use secret::{AccessToken, ClientSecret, RefreshToken};
pub use team::{Rgb, Team, Tricode};
pub use team_name::UnknownTeam;
pub use time_style::{TimePreferences, TimeStyle};
pub use tipoff::Tipoff;
