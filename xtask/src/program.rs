//! The console's program in the browser: what every page needs, and a file for each part that
//! `app::part` names. A part's file holds all that it needs beyond the first, so a page costs two.

use std::{fs, path::Path};

use anyhow::{Context, Result, anyhow};
use wasm_bindgen_cli_support::Bindgen;
use wasm_split_cli_support::{Options, transform};

/// Loads a part when the program asks for it; a line for each part is added.
pub(crate) const LOADER: &str = include_str!("parts.js");

/// Makes the program in the folder `site`, which stands under its name only when it is whole.
pub(crate) fn assemble(program: &[u8], site: &Path) -> Result<()> {
    let unfinished = site.with_extension("unfinished");
    let split = unfinished.join("split");
    let main = split.join("main.wasm");
    let mut options = Options::new(program);
    (options.output_dir, options.main_out_path) = (&split, &main);
    options.link_name = "./parts.js";
    let parts = transform(options).map_err(|error| anyhow!("the program does not split: {error:#}"))?;

    let mut bindgen = Bindgen::new();
    bindgen.input_path(&main).out_name("sluice").typescript(false).web(true)?;
    // The parts reach the main program by what the linker exported.
    bindgen.keep_lld_exports(true).remove_name_section(true).remove_producers_section(true);
    bindgen.generate(&unfinished).context("wasm-bindgen fails")?;

    // In a development build each part asks for this number, by a name of that very build.
    let linked = fs::read_to_string(split.join("parts.js"))?;
    let canary =
        linked.split(|c: char| !c.is_alphanumeric() && c != '_').find(|word| word.starts_with("__canary_"));
    let canary = canary.map(|name| format!("{name}: ~0xdead")).unwrap_or_default();
    let mut loader = format!("const CANARY = {{ {canary} }};\n");
    for (part, modules) in &parts.prefetch_map {
        let mut pack = HEADER.to_vec();
        for module in modules {
            let bytes = fs::read(split.join(module).with_extension("wasm"))?;
            section(&mut pack, module, &stripped(&bytes)?);
        }
        fs::write(unfinished.join(part).with_extension("wasm"), pack)?;
        loader += &format!("export const __wasm_split_load_{part} = loader({part:?}, {modules:?});\n");
    }
    fs::write(unfinished.join("parts.js"), format!("{LOADER}{loader}"))?;
    fs::remove_dir_all(&split)?;
    fs::rename(&unfinished, site)?;
    Ok(())
}

/// What a WASM file begins with: its magic number and its version.
const HEADER: &[u8] = b"\0asm\x01\0\0\0";

/// Appends a custom section (WebAssembly core specification, §5.5.3).
fn section(file: &mut Vec<u8>, name: &str, content: &[u8]) {
    let mut named = leb(name.len());
    named.extend_from_slice(name.as_bytes());
    file.push(0);
    file.extend(leb(named.len() + content.len()));
    file.extend(named);
    file.extend_from_slice(content);
}

/// A module without its custom sections: names of functions, tools that made it.
fn stripped(module: &[u8]) -> Result<Vec<u8>> {
    let mut kept = HEADER.to_vec();
    let mut rest = module.strip_prefix(HEADER).context("a part is no WASM")?;
    while let [kind, sized @ ..] = rest {
        let (length, content) = unleb(sized).context("a part is cut off")?;
        let whole = rest.len() - content.len() + length;
        if *kind != 0 {
            kept.extend_from_slice(rest.get(..whole).context("a part is cut off")?);
        }
        rest = rest.get(whole..).context("a part is cut off")?;
    }
    Ok(kept)
}

/// An unsigned number in LEB128.
fn leb(mut number: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = (number & 0x7f) as u8;
        number >>= 7;
        if number == 0 {
            bytes.push(low);
            return bytes;
        }
        bytes.push(low | 0x80);
    }
}

/// The number at the beginning, and what follows it.
fn unleb(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let last = bytes.iter().take(5).position(|byte| byte & 0x80 == 0)?;
    let number = bytes[..=last].iter().rev().fold(0, |number, byte| number << 7 | usize::from(byte & 0x7f));
    Some((number, &bytes[last + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_keeps_all_but_its_custom_sections() {
        let types = [&[1, 0x84, 0x00][..], b"type"].concat();
        let mut module = HEADER.to_vec();
        section(&mut module, "name", &[7; 300]);
        module.extend_from_slice(&types);
        section(&mut module, "producers", b"x");
        assert_eq!(stripped(&module).expect("a module"), [HEADER, &types[..]].concat());
        module.pop();
        stripped(&module).expect_err("the last section is cut off");
    }
}
