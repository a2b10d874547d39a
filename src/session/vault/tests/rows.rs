//! Attacks and faults on a sealed session, row by row.

use super::*;

#[test]
fn s1_a_changed_file_is_damaged_and_kept_or_its_key_is_unknown() {
    let world = World::signed_in();
    let good = world.bytes();
    // A bit a byte here; every bit of every byte is flipped where the seal is tested.
    for byte in 0..good.len() {
        let mut bad = good.clone();
        bad[byte] ^= 1 << (byte % 8);
        fs::write(world.file(), &bad).unwrap();
        let opened = world.open();
        let refused = matches!(opened, Err(VaultError::Seal(_) | VaultError::KeyGone));
        assert!(refused, "byte {byte}: {opened:?}");
        assert_eq!(world.bytes(), bad);
    }
    for cut in [0, 1, good.len() / 2, good.len() - 1] {
        fs::write(world.file(), &good[..cut]).unwrap();
        assert!(is_damaged(&world.open()), "{cut}");
    }
    fs::write(world.file(), good).unwrap();
    assert_eq!(world.token().unwrap(), "first");
}

#[test]
fn s2_a_file_of_another_profile_is_damaged() {
    let world = World::signed_in();
    let other: Profile = "other".parse().unwrap();
    fs::copy(world.file(), world.paths.session_file(&other)).unwrap();
    assert!(is_damaged(&world.vault.open(&other, at(0))));
    // Nor does a sign-out of the other profile touch this one's key.
    let destroyed = world.vault.destroy(&other);
    assert!(!destroyed.key.unwrap() && destroyed.file.unwrap());
    assert_eq!(world.token().unwrap(), "first");
}

#[test]
fn s3_an_older_file_put_back_has_no_key() {
    let world = World::signed_in();
    let old = world.bytes();
    world.vault.replace(&session("second")).unwrap();
    fs::write(world.file(), &old).unwrap();
    assert!(matches!(world.open(), Err(VaultError::KeyGone)));
}

#[test]
fn s4_an_edited_expiry_or_a_wrong_clock_is_never_accepted() {
    let world = World::signed_in();
    let text = String::from_utf8(world.bytes()).unwrap();
    for end in ["2026-11-24T06:29:59Z", "2026-11-24T06:30:01Z", "2036-11-24T06:30:00Z"] {
        fs::write(world.file(), text.replace("2026-11-24T06:30:00Z", end)).unwrap();
        assert!(is_damaged(&world.open()), "{end}");
    }
    fs::write(world.file(), text).unwrap();
    for second in [-61, -86_400, 1_000_000_000] {
        let opened = world.vault.open(&Profile::default(), at(second)).unwrap();
        assert!(matches!(opened, Opened::Expired(_)), "{second}");
    }
}

#[test]
fn s5_the_session_ends_at_its_expiry() {
    let world = World::signed_in();
    for (second, live) in [(3599, true), (3600, false), (3601, false)] {
        let opened = world.vault.open(&Profile::default(), at(second)).unwrap();
        assert_eq!(matches!(opened, Opened::Live(_)), live, "{second}");
    }
}

#[cfg(unix)]
#[test]
fn s6_what_is_no_session_file_is_refused_and_not_followed() {
    let world = World::signed_in();
    let file = world.file();
    let refused = |world: &World| match world.open() {
        Err(VaultError::Store(StoreError::File(error))) => error,
        other => panic!("{other:?}"),
    };

    fs::write(&file, vec![0; 5_000_000]).unwrap();
    assert!(matches!(refused(&world), FileError::TooLarge(_)));
    fs::rename(&file, file.with_extension("elsewhere")).unwrap();
    std::os::unix::fs::symlink(file.with_extension("elsewhere"), &file).unwrap();
    assert!(matches!(refused(&world), FileError::NotRegular(_)));
    // A new session takes the place of the link, not of what it points to.
    world.vault.replace(&session("second")).unwrap();
    assert_eq!(world.token().unwrap(), "second");
    assert_eq!(fs::metadata(file.with_extension("elsewhere")).unwrap().len(), 5_000_000);

    fs::remove_file(&file).unwrap();
    fs::create_dir(&file).unwrap();
    assert!(matches!(refused(&world), FileError::Folder(_)));
    assert!(world.vault.prepare(&Profile::default()).is_err(), "asked for a consent in vain");
    let keys = world.outside.keys();
    assert!(matches!(world.vault.replace(&session("third")), Err(VaultError::Store(_))));
    assert_eq!(world.outside.keys(), keys, "a session that was not saved leaves no key");
}

#[cfg(unix)]
#[test]
fn s7_files_and_folders_that_others_can_read_are_refused_with_the_repair() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::signed_in();
    fs::set_permissions(world.file(), fs::Permissions::from_mode(0o644)).unwrap();
    let error = world.open().unwrap_err().to_string();
    assert!(error.contains("chmod 600 "), "{error}");
    fs::set_permissions(world.file(), fs::Permissions::from_mode(0o600)).unwrap();
    fs::set_permissions(world.paths.sessions(), fs::Permissions::from_mode(0o755)).unwrap();
    let error = world.open().unwrap_err().to_string();
    assert!(error.contains("chmod 700 "), "{error}");
}

#[test]
fn s8_a_newer_format_is_not_called_damaged() {
    let world = World::signed_in();
    fs::write(world.file(), "nbatodo-session 3\nwhatever will be there\n").unwrap();
    let opened = world.open();
    let newer = SealError::NewerVersion { version: 3 };
    assert!(matches!(opened, Err(VaultError::Seal(error)) if error == newer));
}

#[test]
fn s9_a_missing_key_and_a_missing_key_store_are_told_apart() {
    let world = World::signed_in();
    for weather in [Weather::Locked, Weather::NoCollection] {
        world.outside.turns(weather);
        assert!(matches!(world.open(), Err(VaultError::Keys(KeyStoreError::Locked { .. }))));
    }
    world.outside.turns(Weather::Fine);
    assert_eq!(world.token().unwrap(), "first");
    world.outside.entries.lock().unwrap().clear();
    assert!(matches!(world.open(), Err(VaultError::KeyGone)));
    assert!(world.outside.keys().is_empty(), "asking leaves no probe behind");
}

#[test]
fn s3_a_file_that_has_ended_with_its_key_has_lapsed_and_is_only_deleted() {
    let world = World::signed_in();
    world.outside.entries.lock().unwrap().clear();
    assert!(matches!(world.open(), Err(VaultError::KeyGone)), "not before its end");
    let end = at(3600);
    assert!(matches!(world.vault.open(&Profile::default(), end), Ok(Opened::Lapsed)));
    assert!(world.file().exists());
    let taken = world.vault.take(&Profile::default(), end);
    assert!(matches!(taken.opened, Ok(Opened::Lapsed)), "{taken:?}");
    assert!(!taken.destroyed.key.unwrap() && taken.destroyed.file.unwrap());
}

#[test]
fn s9_a_file_that_has_ended_is_not_called_lapsed_while_the_keyring_is_away() {
    let world = World::signed_in();
    world.outside.turns(Weather::NoCollection);
    let opened = world.vault.open(&Profile::default(), at(3600));
    assert!(matches!(opened, Err(VaultError::Keys(_))), "{opened:?}");
}
