//! The console's half in the browser: takes over the page that the server sent.

use leptos::{mount::hydrate_from_async, tachys::dom::body, task::tick};
use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the script that `leptos::hydration::HydrationScripts` writes.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    wasm_bindgen_futures::spawn_local(async {
        // Waits for the page's part of the program. If it cannot be had, the page stays as it was sent.
        hydrate_from_async(body(), app::App).await.forget();
        tick().await;
        // For whoever must know that buttons do more than they did before.
        let _ = leptos::prelude::document()
            .document_element()
            .map(|html| html.set_attribute("data-hydrated", ""));
    });
}
