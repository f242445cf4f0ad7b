//! The master key that seals stored secrets: a file that only Sluice's user can read.

use std::{fs, io::Write, path::Path};

use anyhow::{Context, Result, bail};
use secrecy::{ExposeSecret, SecretBox, zeroize::Zeroize};
use services::Entropy;
use sha2::{Digest, Sha256};

/// Reads the key, or makes one on the first start.
pub(crate) fn load_or_create(path: &Path, entropy: &Entropy) -> Result<SecretBox<[u8; 32]>> {
    match fs::read_to_string(path) {
        Ok(mut text) => {
            check_mode(path)?;
            let key = parse(&text);
            text.zeroize();
            key.with_context(|| format!("the master key {} must be 64 hexadecimal digits", path.display()))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => create(path, entropy),
        Err(error) => Err(error).with_context(|| format!("the master key {} cannot be read", path.display())),
    }
}

/// A key for one purpose. The master key is uniformly random, so one hash with a label in front is
/// enough, and neither key tells of the other.
pub(crate) fn derive(master: &SecretBox<[u8; 32]>, purpose: &str) -> SecretBox<[u8; 32]> {
    let hash =
        Sha256::new().chain_update(purpose.as_bytes()).chain_update([0]).chain_update(master.expose_secret());
    SecretBox::new(Box::new(hash.finalize().into()))
}

fn parse(text: &str) -> Option<SecretBox<[u8; 32]>> {
    let digits = text.trim();
    if digits.len() != 64 || !digits.is_ascii() {
        return None;
    }
    let mut key = Box::new([0_u8; 32]);
    for (byte, pair) in key.iter_mut().zip(digits.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(SecretBox::new(key))
}

fn create(path: &Path, entropy: &Entropy) -> Result<SecretBox<[u8; 32]>> {
    let mut key = Box::new([0_u8; 32]);
    entropy.fill(key.as_mut_slice());
    let mut text: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options
        .open(path)
        .and_then(|mut file| file.write_all(text.as_bytes()).and_then(|()| file.sync_all()));
    text.zeroize();
    written.with_context(|| format!("the master key {} cannot be written", path.display()))?;
    tracing::info!(path = %path.display(), "made a master key; keep a copy of it apart from the database");
    Ok(SecretBox::new(key))
}

fn check_mode(path: &Path) -> Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let mode = fs::metadata(path)?.mode() & 0o777;
        if mode & 0o077 != 0 {
            bail!(
                "the master key {} can be read by others (mode {mode:o}); run `chmod 600 {}`",
                path.display(),
                path.display()
            );
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn the_key_is_made_once_and_guarded() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("master.key");
        let made = load_or_create(&path, &Entropy::os()).expect("made");
        let read = load_or_create(&path, &Entropy::os()).expect("read");
        assert_eq!(made.expose_secret(), read.expose_secret());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("chmod");
            let error = load_or_create(&path, &Entropy::os()).expect_err("others can read it");
            assert!(error.to_string().contains("chmod 600"), "{error}");
        }
    }

    #[test]
    fn a_damaged_key_is_no_key() {
        for bad in ["", "00", &"zz".repeat(32), &"é".repeat(32)] {
            assert!(parse(bad).is_none(), "{bad}");
        }
    }
}
