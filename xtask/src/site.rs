//! The console's files in `target/site`, which the server embeds.
//!
//! Their names carry a hash of their content, so browsers may keep them for ever, and
//! `manifest.json` says which ones are current.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use wasm_bindgen_cli_support::Bindgen;

use crate::{cargo, finish, root, step, style, target};

pub(crate) fn build(release: bool) -> Result<()> {
    let wasm = step("console (WASM)", || compile(release))?;
    step("console (script and style)", || assemble(&wasm))
}

/// Compiles `frontend`. It has a target folder of its own: other features, another platform.
fn compile(release: bool) -> Result<PathBuf> {
    let profile = if release { "wasm-release" } else { "wasm-dev" };
    let dir = target().join("front");
    let mut build = cargo();
    build
        .args([
            "build",
            "--locked",
            "--package",
            "frontend",
            "--target",
            "wasm32-unknown-unknown",
            "--profile",
            profile,
        ])
        .arg("--target-dir")
        .arg(&dir);
    finish(&mut build).context(
        "the console does not compile; is the target installed? `rustup target add wasm32-unknown-unknown`",
    )?;
    Ok(dir.join("wasm32-unknown-unknown").join(profile).join("frontend.wasm"))
}

fn assemble(wasm: &Path) -> Result<()> {
    let site = root().join("target/site");
    let pkg = site.join("pkg");
    let bytes = fs::read(wasm).with_context(|| format!("{} is missing", wasm.display()))?;
    let output_name = format!("sluice-{}", short_hash(&bytes));
    let css = style::generate(&root())?;
    let css_name = format!("sluice-{}.css", short_hash(css.as_bytes()));

    // Built anew only when its input changed: the names say so.
    if !pkg.join(format!("{output_name}_bg.wasm")).exists() {
        if pkg.exists() {
            fs::remove_dir_all(&pkg)?;
        }
        fs::create_dir_all(&pkg)?;
        let mut bindgen = Bindgen::new();
        bindgen.input_path(wasm).out_name(&output_name).typescript(false).web(true)?;
        bindgen.remove_name_section(true).remove_producers_section(true);
        bindgen.generate(&pkg).context("wasm-bindgen fails")?;
        optimize(&pkg.join(format!("{output_name}_bg.wasm")));
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
    let manifest = serde_json::json!({ "output_name": output_name, "css": css_name });
    fs::write(site.join("manifest.json"), manifest.to_string())?;
    Ok(())
}

/// Makes the WASM smaller with Binaryen where somebody has it; it works as well without.
fn optimize(wasm: &Path) {
    let _ = std::process::Command::new("wasm-opt")
        .args([
            "-Oz",
            "--enable-bulk-memory",
            "--enable-nontrapping-float-to-int",
            "--enable-reference-types",
        ])
        .arg(wasm)
        .arg("-o")
        .arg(wasm)
        .status();
}

fn short_hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}
