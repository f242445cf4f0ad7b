//! Something that is on or off and changes at once: the button of a form, so it works without WASM.

use leptos::prelude::*;

use crate::i18n::text;

const ON_CLASS: &str = "flex items-center justify-end w-8 h-5 p-0.5 rounded-full border border-accent bg-accent cursor-pointer disabled:opacity-60 disabled:cursor-default";
const OFF_CLASS: &str = "flex items-center justify-start w-8 h-5 p-0.5 rounded-full border border-line-strong bg-surface-sunken cursor-pointer disabled:opacity-60 disabled:cursor-default";

/// `on` is what holds now; the form around it says what to change it to.
#[component]
pub fn Switch(
    #[prop(into)] label: String,
    on: bool,
    #[prop(into)] pending: Signal<bool>,
    /// The form that it is the button of, where that does not stand around it.
    #[prop(optional)]
    form: Option<&'static str>,
    #[prop(optional)] name: Option<&'static str>,
    #[prop(optional, into)] value: Option<String>,
) -> impl IntoView {
    let t = text();
    let word = if on { t.switch_on } else { t.switch_off };
    let knob = if on {
        "block w-3.5 h-3.5 rounded-full bg-accent-ink"
    } else {
        "block w-3.5 h-3.5 rounded-full bg-line-strong"
    };
    view! {
        <button
            type="submit"
            role="switch"
            form=form
            name=name
            value=value
            class=if on { ON_CLASS } else { OFF_CLASS }
            aria-checked=if on { "true" } else { "false" }
            aria-label=label
            title=word
            disabled=move || pending.get()
            aria-busy=move || pending.get().then_some("true")
        >
            <span class=knob></span>
        </button>
    }
}
