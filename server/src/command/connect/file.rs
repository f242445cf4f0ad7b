//! The client's file on disk: replaced whole or not at all, with what was there beside it.

use std::{
    fs,
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use domain::client::Format;

pub(super) struct Target {
    pub(super) path: PathBuf,
    pub(super) format: Format,
}

impl Target {
    /// Follows links, because a file that is one must stay one.
    pub(super) fn new(path: PathBuf, format: Format) -> Result<Self> {
        let path = match fs::canonicalize(&path) {
            Ok(real) => real,
            Err(error) if error.kind() == ErrorKind::NotFound => path,
            Err(error) => return Err(error).with_context(|| format!("{} cannot be found", path.display())),
        };
        Ok(Self { path, format })
    }

    /// Empty if there is no file yet.
    pub(super) fn read(&self) -> Result<String> {
        Ok(read(&self.path)?.unwrap_or_default())
    }

    pub(super) fn backup(&self) -> Result<Option<String>> {
        read(&self.backup_path())
    }

    /// Writes, after what was there went beside it; where to.
    pub(super) fn write(&self, text: &str) -> Result<Option<PathBuf>> {
        let backup = self.backup_path();
        let kept = match fs::copy(&self.path, &backup) {
            Ok(_) => Some(backup),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => {
                return Err(error).with_context(|| format!("{} cannot be written", backup.display()));
            }
        };
        self.replace(text)?;
        Ok(kept)
    }

    pub(super) fn replace(&self, text: &str) -> Result<()> {
        let failed = || format!("{} cannot be written", self.path.display());
        if let Some(folder) = self.path.parent() {
            fs::create_dir_all(folder).with_context(failed)?;
        }
        let fresh = self.beside(&format!("sluice-{}", std::process::id()));
        let written = self.fill(&fresh, text).and_then(|()| fs::rename(&fresh, &self.path));
        if written.is_err() {
            // Nothing is left of what failed; why it failed is what counts.
            let _ = fs::remove_file(&fresh);
        }
        written.with_context(failed)
    }

    pub(super) fn remove(&self) -> Result<()> {
        fs::remove_file(&self.path).with_context(|| format!("{} cannot be removed", self.path.display()))
    }

    pub(super) fn forget_backup(&self) -> Result<()> {
        let backup = self.backup_path();
        fs::remove_file(&backup).with_context(|| format!("{} cannot be removed", backup.display()))
    }

    fn fill(&self, fresh: &Path, text: &str) -> std::io::Result<()> {
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        // A key goes in, so a new file is its owner's alone.
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(fresh)?;
        file.write_all(text.as_bytes())?;
        if let Ok(known) = fs::metadata(&self.path) {
            file.set_permissions(known.permissions())?;
        }
        file.sync_all()
    }

    fn backup_path(&self) -> PathBuf {
        self.beside("sluice-backup")
    }

    fn beside(&self, ending: &str) -> PathBuf {
        let name = self.path.file_name().unwrap_or_default().to_string_lossy();
        self.path.with_file_name(format!("{name}.{ending}"))
    }
}

fn read(path: &Path) -> Result<Option<String>> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("{} cannot be read", path.display())),
    }
}
