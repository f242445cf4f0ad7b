//! Where a person's files are.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use domain::client::Os;

pub(super) struct Home {
    pub(super) os: Os,
    pub(super) home: PathBuf,
    /// Windows' folder for what programs keep.
    pub(super) appdata: Option<PathBuf>,
    /// Where Linux programs keep their configuration, if not in `~/.config`.
    pub(super) config: Option<PathBuf>,
}

impl Home {
    pub(super) fn ours() -> Result<Self> {
        let path = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let os = match std::env::consts::OS {
            "macos" => Os::MacOs,
            "windows" => Os::Windows,
            _ => Os::Linux,
        };
        let home = path("HOME")
            .or_else(|| path("USERPROFILE"))
            .context("the home directory is unknown: set HOME")?;
        Ok(Self { os, home, appdata: path("APPDATA"), config: path("XDG_CONFIG_HOME") })
    }

    pub(super) fn resolve(&self, place: &str) -> PathBuf {
        let below = |base: &Path, rest: &str| base.join(rest.trim_start_matches('/'));
        if let Some(rest) = place.strip_prefix("%APPDATA%") {
            let usual = || self.home.join("AppData").join("Roaming");
            return below(&self.appdata.clone().unwrap_or_else(usual), rest);
        }
        if let (Some(rest), Some(config)) = (place.strip_prefix("~/.config/"), &self.config) {
            return below(config, rest);
        }
        below(&self.home, place.trim_start_matches('~'))
    }
}
