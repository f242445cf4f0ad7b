//! The console's files in `target/site`, which the server embeds.
//!
//! Their names carry a hash of their content, so browsers may keep them for ever, and
//! `manifest.json` says which ones are current.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};
use brotli::enc::BrotliEncoderParams;
use sha2::{Digest, Sha256};

use crate::{cargo, finish, program, root, step, style, target};

pub(crate) fn build(release: bool) -> Result<()> {
    let wasm = step("console (WASM)", || compile(release))?;
    step("console (script and style)", || assemble(&wasm, release))
}

/// Compiles `frontend`. It has a target folder of its own: other features, another platform.
fn compile(release: bool) -> Result<PathBuf> {
    let profile = if release { "wasm-release" } else { "wasm-dev" };
    let dir = target().join("front");
    let mut build = cargo();
    build
        .args([
            "rustc",
            "--locked",
            "--package",
            "frontend",
            "--target",
            "wasm32-unknown-unknown",
            "--profile",
            profile,
        ])
        .arg("--target-dir")
        .arg(&dir)
        // The program is split by what refers to what, so the linker has to leave that in.
        .args(["--", "-Clink-args=--emit-relocs"]);
    finish(&mut build).context(
        "the console does not compile; is the target installed? `rustup target add wasm32-unknown-unknown`",
    )?;
    Ok(dir.join("wasm32-unknown-unknown").join(profile).join("frontend.wasm"))
}

fn assemble(wasm: &Path, release: bool) -> Result<()> {
    let site = root().join("target/site");
    let pkg = site.join("pkg");
    let bytes = fs::read(wasm).with_context(|| format!("{} is missing", wasm.display()))?;
    let dir = short_hash(&[&bytes, program::LOADER.as_bytes()].concat());
    let css = style::generate(&root())?;
    let css_name = format!("sluice-{}.css", short_hash(css.as_bytes()));

    // Built anew only when its input changed: the folder says so.
    let parts = pkg.join(&dir);
    if !parts.exists() {
        if pkg.exists() {
            fs::remove_dir_all(&pkg)?;
        }
        fs::create_dir_all(&pkg)?;
        program::assemble(&bytes, &parts)?;
    }
    if release {
        compress(&parts)?;
        weigh(&parts)?;
    }
    for old in fs::read_dir(&pkg)?.flatten() {
        let name = old.file_name();
        if name.to_string_lossy().ends_with(".css") && name != *css_name {
            fs::remove_file(old.path())?;
        }
    }
    fs::write(pkg.join(&css_name), css)?;
    for file in fs::read_dir(root().join("public"))?.flatten() {
        fs::copy(file.path(), site.join(file.file_name()))?;
    }
    let manifest = serde_json::json!({ "dir": dir, "css": css_name });
    fs::write(site.join("manifest.json"), manifest.to_string())?;
    Ok(())
}

/// Writes each file once more as Brotli does it best (RFC 7932), which is too slow to do at each request.
fn compress(dir: &Path) -> Result<()> {
    let best = BrotliEncoderParams { quality: 11, lgwin: 24, ..Default::default() };
    for file in fs::read_dir(dir)?.flatten().map(|entry| entry.path()) {
        let mut small = file.clone().into_os_string();
        small.push(".br");
        if file.extension().is_some_and(|extension| extension != "br") && !Path::new(&small).exists() {
            let mut bytes = Vec::new();
            brotli::BrotliCompress(&mut &*fs::read(&file)?, &mut bytes, &best)?;
            fs::write(small, bytes)?;
        }
    }
    Ok(())
}

/// Bytes that the program of a page may take on the way to a browser: the frame and the page's part.
const PAGE: u64 = 450_000;

fn weigh(dir: &Path) -> Result<()> {
    let size = |name: &str| -> Result<u64> { Ok(fs::metadata(dir.join(format!("{name}.wasm.br")))?.len()) };
    let frame = size("sluice_bg")?;
    for part in fs::read_dir(dir)?.flatten() {
        let name = part.file_name();
        let Some(part) = name.to_str().and_then(|name| name.strip_suffix(".wasm")) else { continue };
        let page = frame + if part == "sluice_bg" { 0 } else { size(part)? };
        ensure!(page <= PAGE, "a page of the part `{part}` takes {page} bytes, more than {PAGE}");
    }
    Ok(())
}

fn short_hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}
