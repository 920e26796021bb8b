//! Files that hold what nobody else on the computer may read: backups, exports, the people of the demo.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Result};
use std::path::Path;

/// A new file that nobody else may read. What stood under this name goes first, because others may have it open; and a
/// link that somebody put there goes instead of what it points at.
///
/// # Errors
/// What the disk says.
pub fn create(file: &Path) -> Result<File> {
    match std::fs::remove_file(file) {
        Err(e) if e.kind() != ErrorKind::NotFound => return Err(e),
        _ => {}
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(file)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    #[test]
    fn a_link_goes_and_what_it_points_at_stays_and_nobody_else_reads_the_new_file() {
        let folder = std::env::temp_dir().join(format!("tandem-private-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let (other, file) = (folder.join("other"), folder.join("file"));
        std::fs::write(&other, "somebody else's").expect("written");
        symlink(&other, &file).expect("a link");
        for _ in 0..2 {
            create(&file).expect("made");
            let made = std::fs::symlink_metadata(&file).expect("there");
            assert!(made.is_file() && made.permissions().mode() & 0o777 == 0o600);
        }
        assert_eq!(std::fs::read_to_string(&other).expect("read"), "somebody else's");
        let _ = std::fs::remove_dir_all(&folder);
    }
}
