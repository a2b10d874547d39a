//! The zone in which games are listed.

use jiff::tz::TimeZone;

use crate::commands::{Context, times};
use crate::session::Opened;
use crate::settings::Credential;

/// The zone that is asked for; failing that, that of the account, as an earlier run has kept it;
/// failing that, the machine's, or where it knows none, as in a bare container, that of the
/// account that is signed in, or UTC. And what there is to say about it.
pub(super) async fn zone_of(
    context: &Context,
    asked: Option<TimeZone>,
) -> (TimeZone, Option<String>) {
    if let Some(zone) = asked {
        return (zone, None);
    }
    let of_account = match times::zone_of_account(context) {
        None if context.zone.is_unknown() => account_zone(context).await,
        kept => kept,
    };
    let Some(zone) = of_account else {
        let unknown = context.zone.is_unknown();
        return (if unknown { TimeZone::UTC } else { context.zone.clone() }, None);
    };
    let told = times::zone_told(context, zone.iana_name(), "UTC");
    (zone, told)
}

/// Without the network, and without renewing anything: a listing needs no sign-in.
async fn account_zone(context: &Context) -> Option<TimeZone> {
    if !matches!(context.settings.credential, Credential::Session) {
        return None;
    }
    let now = context.clock.now();
    let opened = context.with_vault(move |vault, profile| vault.open(profile, now)).await;
    let Ok(Ok(Opened::Live(session))) = opened else { return None };
    TimeZone::get(&session.account.timezone?).ok()
}
