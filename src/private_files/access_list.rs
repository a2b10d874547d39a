//! POSIX access lists as Linux keeps them beside a file (acl(5)).

/// The version of the stored form.
const VERSION: u32 = 2;
/// The length of an entry, in bytes: tag, permissions, who.
const ENTRY: usize = 8;
/// Tags of entries.
const OWNER: u16 = 0x01;
const USER: u16 = 0x02;
const MASK: u16 = 0x10;

/// Whether `list`, the stored form of an access list, gives nobody anything but its file's owner
/// and `user`. One that cannot be read gives too much.
pub(super) fn opens_only_to(user: u32, list: &[u8]) -> bool {
    let Some((version, entries)) = list.split_first_chunk() else { return false };
    let (entries, rest) = entries.as_chunks::<ENTRY>();
    let closed = |entry: &[u8; ENTRY]| {
        let [tag, tag_high, permissions, permissions_high, who @ ..] = *entry;
        let permissions = u16::from_le_bytes([permissions, permissions_high]);
        match u16::from_le_bytes([tag, tag_high]) {
            // What a mask allows, some other entry has to give.
            OWNER | MASK => true,
            USER if u32::from_le_bytes(who) == user => true,
            _ => permissions == 0,
        }
    };
    u32::from_le_bytes(*version) == VERSION && rest.is_empty() && entries.iter().all(closed)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GROUP_OF_FILE: u16 = 0x04;
    const GROUP: u16 = 0x08;
    const OTHER: u16 = 0x20;
    const READ: u16 = 4;

    fn list(entries: &[(u16, u16, u32)]) -> Vec<u8> {
        let mut bytes = VERSION.to_le_bytes().to_vec();
        for (tag, permissions, who) in entries {
            bytes.extend(tag.to_le_bytes());
            bytes.extend(permissions.to_le_bytes());
            bytes.extend(who.to_le_bytes());
        }
        bytes
    }

    /// What systemd makes for a service of user 1000, with `more`.
    fn credential(more: &[(u16, u16, u32)]) -> Vec<u8> {
        let usual = [
            (OWNER, READ, u32::MAX),
            (USER, READ, 1000),
            (GROUP_OF_FILE, 0, u32::MAX),
            (MASK, READ, u32::MAX),
            (OTHER, 0, u32::MAX),
        ];
        list(&[&usual, more].concat())
    }

    #[test]
    fn a_credential_opens_to_its_service_and_to_nobody_else() {
        assert!(opens_only_to(1000, &credential(&[])));
        assert!(!opens_only_to(1001, &credential(&[])));
        for more in [(USER, READ, 1001), (GROUP, READ, 1000), (GROUP_OF_FILE, READ, 0)] {
            assert!(!opens_only_to(1000, &credential(&[more])), "{more:?}");
        }
        assert!(!opens_only_to(1000, &credential(&[(OTHER, READ, 0)])));
    }

    #[test]
    fn a_list_that_cannot_be_read_opens_to_anybody() {
        let good = credential(&[]);
        for bad in [&good[..0], &good[..3], &good[..good.len() - 1], &[3, 0, 0, 0]] {
            assert!(!opens_only_to(1000, bad), "{bad:?}");
        }
    }
}
