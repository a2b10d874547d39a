//! What a person can type or do about a failure.

use std::time::Duration;

use super::ways_out;
use crate::commands::{Exit, Failure, command_for};
use crate::import::{ApplyError, LedgerError};
use crate::keys::{KeyStoreError, MasterKeyError, Place};
use crate::model::{Profile, UnknownTeam, duration};
use crate::private_files::FileError;
use crate::session::{SealError, StoreError, VaultError};
use crate::settings::InvalidSetting;
use crate::signin::TokenError;
use crate::signin::registration::RegistrationError;

/// What a wait that was too short is at least made next time.
const MORE_TIME: Duration = Duration::from_secs(900);

/// What there is to say about a failure of a subject.
enum Remedy {
    /// This.
    Say(String),
    /// Nothing: the message says it all.
    Silence,
    /// It is of another subject.
    NotMine,
}

use Remedy::{NotMine, Say, Silence};

fn say(advice: &str) -> Remedy {
    Say(advice.to_owned())
}

/// What the run was about.
struct Run<'a> {
    command: &'a str,
    profile: &'a Profile,
}

impl Run<'_> {
    fn typed(&self, command: &str) -> String {
        command_for(self.profile, command)
    }

    /// `remedy`, which may end with a command to sign in or out, for the profile.
    fn of_profile(&self, remedy: String) -> String {
        let commands = ["login", "logout"].map(|it| (format!("nbatodo {it}"), self.typed(it)));
        let ends = commands.into_iter().find(|(plain, _)| remedy.ends_with(plain));
        ends.map_or(remedy.clone(), |(plain, typed)| remedy.replace(&plain, &typed))
    }

    fn sign_in(&self) -> String {
        match self.command {
            "login" => "Run the same command again.".to_owned(),
            _ => format!("Sign in with: {}", self.typed("login")),
        }
    }
}

impl Failure {
    /// What the person can type or do about it, as a sentence; `command` and `profile` are those
    /// that the run was about.
    pub fn advice(&self, command: &str, profile: &Profile) -> Option<String> {
        let run = &Run { command, profile };
        let subjects = [
            Self::about_databases,
            Self::about_keys_and_files,
            Self::about_teams,
            Self::about_settings,
            Self::about_what_stays,
            Self::about_signing_in,
            Self::about_the_work,
        ];
        let remedies = subjects.into_iter().map(|remedy| remedy(self, run));
        match remedies.into_iter().find(|remedy| !matches!(remedy, NotMine)) {
            Some(Say(advice)) => Some(advice),
            Some(_) => None,
            None if self.is_about_a_certificate() => Some(ways_out::certificates()),
            None if self.is_about_a_sandbox_gone() => Some(ways_out::SANDBOX_GONE.to_owned()),
            None => match self.exit() {
                Exit::SignIn => Some(run.sign_in()),
                Exit::Temporary => Some("Try again later.".to_owned()),
                _ => None,
            },
        }
    }

    fn about_databases(&self, _: &Run<'_>) -> Remedy {
        match self.exit() {
            _ if self.database().is_none() => NotMine,
            Exit::Temporary => say("Try again later."),
            Exit::Usage => say(ways_out::LET_IN),
            _ if self.is_about_a_certificate() => Say(ways_out::certificates()),
            _ => Silence,
        }
    }

    fn about_keys_and_files(&self, run: &Run<'_>) -> Remedy {
        match self {
            Self::KeyElsewhere(_) => Say(format!(
                "To share one sign-in, name the same key file in NBATODO_KEY_FILE on both, or sign \
                 in here with: {}",
                run.typed("login")
            )),
            Self::KeyInOtherStore { place, .. } => Say(format!(
                "{}, or sign in again with: {}",
                match place {
                    Place::Keyring => "Say --key-store keyring",
                    Place::Kernel => "Say --key-store keyutils",
                    Place::Folder => "Name that file in NBATODO_KEY_FILE",
                },
                run.typed("login")
            )),
            Self::ForgetfulStore => {
                say("Switch its journal on (Redis: appendonly yes), or sign in without \
                 --stay-signed-in.")
            }
            Self::Vault(VaultError::Store(StoreError::File(FileError::TooLarge(_)))) => {
                Say(run.sign_in())
            }
            Self::Files(FileError::Changed(_)) => say("Run the same command again."),
            Self::Vault(VaultError::Store(StoreError::File(error)))
            | Self::Apply(ApplyError::Ledger(LedgerError::File(error)))
            | Self::Files(error) => {
                // Otherwise the message itself names the repair.
                error.repair().map_or(Silence, |it| Say(format!("Move it away with: {it}")))
            }
            Self::Keys(KeyStoreError::Master(error))
            | Self::Vault(VaultError::Keys(KeyStoreError::Master(error)))
                if error.names_its_repair() =>
            {
                Silence
            }
            Self::Keys(KeyStoreError::Master(MasterKeyError::File {
                cause: FileError::Io { .. },
                ..
            })) if run.command == "doctor" => {
                say("Name a place that can be written to: nbatodo doctor --make-key FILE")
            }
            Self::Setting(InvalidSetting::NoKeyFile) => {
                say("Name one in NBATODO_KEY_FILE, made with: nbatodo doctor --make-key FILE")
            }
            Self::Vault(VaultError::Keys(error)) | Self::Keys(error) => {
                Say(run.of_profile(error.remedy()))
            }
            Self::Vault(VaultError::Seal(SealError::NewerVersion { .. })) => {
                Say(format!("Update nbatodo, or sign in with: {}", run.typed("login")))
            }
            Self::Apply(ApplyError::Ledger(LedgerError::Unopened(_))) => {
                say("Update nbatodo on this machine.")
            }
            _ => NotMine,
        }
    }

    fn about_settings(&self, run: &Run<'_>) -> Remedy {
        match self {
            Self::Format { elsewhere, .. } => Say(format!("Say --format json; {elsewhere}.")),
            Self::Config(error) => Say(error.advice()),
            Self::Setting(InvalidSetting::Chosen { key, at, .. }) => {
                ways_out::another_setting(*key, at).map_or(Silence, Say)
            }
            Self::ConfigFile { repair: Some(repair), .. } => {
                Say(format!("Correct it there, or take it out with: nbatodo {repair}"))
            }
            Self::TokenFromOutside => say("Unset it to sign in or out."),
            Self::OtherOrigin { session, .. } => Say(format!(
                "Use it with NBATODO_API_URL={session}, or sign in anew with: {}",
                run.typed("login")
            )),
            Self::TokenRefused(_) => say("Put a valid one there, or unset it and sign in."),
            Self::PortWithoutClient => {
                say("Name it with --client-id or NBATODO_CLIENT_ID, or leave --port out.")
            }
            Self::SpeltOtherwise { other, .. } if run.command == "logout" => {
                Say(format!("Sign that one out with: {}", command_for(other, "logout")))
            }
            Self::SpeltOtherwise { other, .. } if run.command != "login" => {
                Say(format!("Did you mean: {}", command_for(other, run.command)))
            }
            Self::SpeltOtherwise { other, .. } => Say(format!(
                "Choose another name, or sign in with: {}",
                command_for(other, "login")
            )),
            Self::OwnClientRefused { .. } => {
                say("Check NBATODO_CLIENT_ID (or --client-id) and NBATODO_CLIENT_SECRET.")
            }
            Self::SignInForgotten | Self::NothingKept => Say(ways_out::in_one_run()),
            Self::NoSignInHere => Say(run.sign_in()),
            Self::InputTaken => say("Name a file instead of \"-\"."),
            _ => NotMine,
        }
    }

    fn about_teams(&self, run: &Run<'_>) -> Remedy {
        match self {
            Self::Team(UnknownTeam::LooseComma { .. }) => {
                say("Leave the comma out, or see all thirty with: nbatodo teams")
            }
            Self::Team(UnknownTeam::Empty) => {
                say("Name one, or see all thirty with: nbatodo teams")
            }
            Self::NoTeam => {
                Say(format!("Name one, for instance: nbatodo {} --team BOS", run.command))
            }
            Self::Team(UnknownTeam::Unknown { nearest, .. }) => match nearest[..] {
                [only] => Say(format!("Did you mean {only}? All thirty: nbatodo teams")),
                _ => say("See all thirty with: nbatodo teams"),
            },
            Self::Team(UnknownTeam::Ambiguous { candidates, .. }) => {
                Say(ways_out::one_of(candidates))
            }
            _ => NotMine,
        }
    }

    fn about_what_stays(&self, run: &Run<'_>) -> Remedy {
        match self {
            Self::GrantEnded(_) | Self::GrantLost(_) => {
                Say(format!("Sign in with: {}", run.typed("login --stay-signed-in")))
            }
            Self::GrantOfOtherClient(_) => Say(format!(
                "Set NBATODO_CLIENT_ID as it was then, or sign in with: {}",
                run.typed("login --stay-signed-in")
            )),
            Self::RenewalUnanswered(_) => {
                say("Run it again at once: a minute after the first try it is too late.")
            }
            Self::NothingToStaySignedIn => {
                Say(format!("Sign in for an hour with: {}", run.typed("login")))
            }
            _ => NotMine,
        }
    }

    fn about_signing_in(&self, run: &Run<'_>) -> Remedy {
        match self {
            Self::OthersSignedIn { .. } => Say(format!(
                "Name one of them with --profile, or sign in with: {}",
                run.typed("login")
            )),
            Self::TableOfNobody { profile, keys } => Say(format!(
                "{}. If nobody is to be, {}",
                run.sign_in().trim_end_matches('.'),
                ways_out::without_table(profile, keys)
            )),
            Self::NoPort(_) => say("End the program that holds them, or a login that still waits."),
            Self::Registration(
                RegistrationError::Refused(_) | RegistrationError::RateLimited { .. },
            ) => Say(ways_out::own_client()),
            Self::Token(TokenError::UnknownClient) => Say(format!(
                "{}. Where that ends the same way: {}",
                run.sign_in().trim_end_matches('.'),
                ways_out::own_client()
            )),
            Self::NobodyCame(_) if run.command != "login" => say(
                "Run the same command again; --no-browser shows the address for a browser elsewhere.",
            ),
            Self::NobodyCame(waited) => {
                let longer =
                    duration::typed((*waited * 3).clamp(MORE_TIME, duration::TIMEOUT.most()));
                Say(format!(
                    "Run the same command again with --timeout {longer} (--no-browser shows the \
                     address for a browser elsewhere)."
                ))
            }
            Self::MayNotDelete { stays, .. } => {
                let login = ways_out::login_to_delete(*stays);
                Say(format!("Sign in with: {}", run.typed(login)))
            }
            _ => NotMine,
        }
    }

    fn about_the_work(&self, run: &Run<'_>) -> Remedy {
        match self {
            Self::GivenFile(FileError::NotRegular(_) | FileError::Folder(_)) => {
                say("Name a file, or \"-\" for standard input.")
            }
            Self::GivenAnswer { .. } if self.exit() == Exit::Usage => {
                say("Look whether the address that --schedule names is the right one.")
            }
            Self::Unconfirmed => {
                say("Say --yes to have it done, or --dry-run to see what it would be.")
            }
            Self::ChangedMeanwhile | Self::NextSession(_) => say("Run the same command again."),
            Self::Plan(error) => Say(ways_out::way_out(error)),
            Self::Project(error) => Say(ways_out::another_project(error)),
            Self::OutOfTime(_) => Say(ways_out::out_of_time(run.command)),
            Self::Interrupted => match run.command {
                "import" => say("Run the same command again: it creates only what is missing."),
                "remove" => say("Run the same command again: it deletes only what is left."),
                "login" => say("Run the same command again."),
                _ => Silence,
            },
            Self::SignInInterrupted => say("Whoever was signed in before still is."),
            Self::InterruptedAfterSignIn => {
                Say(format!("You are signed in all the same; look with: {}", run.typed("status")))
            }
            _ => NotMine,
        }
    }
}
