//! Buttons and links that look like them.

use leptos::prelude::*;

pub const BUTTON_CLASS: &str = "inline-flex items-center justify-center gap-2 h-8 px-3 rounded-md border border-accent bg-accent text-accent-ink text-sm font-medium whitespace-nowrap no-underline cursor-pointer hover:opacity-90 disabled:opacity-60 disabled:cursor-default";
pub const PLAIN_CLASS: &str = "inline-flex items-center justify-center gap-2 h-8 px-3 rounded-md border border-line bg-surface-raised text-ink text-sm font-medium whitespace-nowrap no-underline cursor-pointer hover:bg-surface-sunken disabled:opacity-60 disabled:cursor-default";
pub const DANGER_CLASS: &str = "inline-flex items-center justify-center gap-2 h-8 px-3 rounded-md border border-line bg-surface-raised text-bad text-sm font-medium whitespace-nowrap no-underline cursor-pointer hover:bg-bad-soft disabled:opacity-60 disabled:cursor-default";

/// Beside a field, where a whole button would be louder than what it is for.
pub const SHORT_BUTTON_CLASS: &str = "inline-flex items-center h-6 px-2 rounded-md border border-line bg-surface-raised text-ink text-xs whitespace-nowrap cursor-pointer hover:bg-surface-sunken";

/// A button that sends its form. While the answer is on its way it says so and cannot be pressed again.
#[component]
pub fn Submit(
    #[prop(into)] label: String,
    #[prop(optional, into)] pending: Option<Signal<bool>>,
    #[prop(default = BUTTON_CLASS)] class: &'static str,
    #[prop(optional)] name: Option<&'static str>,
    #[prop(optional)] value: Option<&'static str>,
) -> impl IntoView {
    let busy = move || pending.is_some_and(|pending| pending.get());
    view! {
        <button type="submit" class=class name=name value=value disabled=busy aria-busy=move || busy().then_some("true")>
            {label}
            {move || busy().then(|| view! { <span aria-hidden="true">"…"</span> })}
        </button>
    }
}

/// A button for something that happens in this page, so only there where WASM runs.
#[component]
pub fn Button(
    on_press: impl Fn() + 'static,
    #[prop(default = PLAIN_CLASS)] class: &'static str,
    children: Children,
) -> impl IntoView {
    view! {
        <button type="button" class=class on:click=move |_| on_press()>
            {children()}
        </button>
    }
}

#[component]
pub fn LinkButton(
    #[prop(into)] href: String,
    #[prop(default = PLAIN_CLASS)] class: &'static str,
    children: Children,
) -> impl IntoView {
    view! {
        <a class=class href=href>
            {children()}
        </a>
    }
}
