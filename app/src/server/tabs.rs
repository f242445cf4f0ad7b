//! The parts of one server's pages.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::{
    i18n::{Offers, Playground, Tools, text},
    ui::{Tab, Tabs},
};

/// The server of the address.
#[must_use]
pub fn server_of_page() -> Memo<String> {
    let params = use_params_map();
    Memo::new(move |_| params.read().get("server").unwrap_or_default())
}

/// `here` is the server's page, `current` the part that is shown.
#[component]
pub fn ServerTabs(here: String, #[prop(into)] current: String) -> impl IntoView {
    let (t, words) = (text(), Offers::current());
    let parts = [
        ("", t.overview),
        ("tools", t.tools),
        ("resources", words.resources),
        ("prompts", words.prompts),
        ("try", Playground::current().try_out),
        ("log", t.logs),
        ("history", Tools::current().history),
    ];
    let tabs = parts
        .into_iter()
        .map(|(part, label)| {
            let href = match part {
                "" => here.clone(),
                "try" | "history" => format!("{here}/{part}"),
                part => format!("{here}?tab={part}"),
            };
            view! { <Tab href=href label=label current=current == part /> }
        })
        .collect_view();
    view! { <Tabs label=t.details>{tabs}</Tabs> }
}
