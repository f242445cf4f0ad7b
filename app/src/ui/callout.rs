//! Notes beside what they are about.

use leptos::prelude::*;

use super::{Failure, Icon, Shape};
use crate::i18n::text;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Ok,
    Warn,
    Bad,
    Info,
}

impl Tone {
    const fn class(self) -> &'static str {
        match self {
            Tone::Ok => "flex gap-2 p-3 rounded-md border border-line bg-ok-soft text-ok",
            Tone::Warn => "flex gap-2 p-3 rounded-md border border-line bg-warn-soft text-warn",
            Tone::Bad => "flex gap-2 p-3 rounded-md border border-line bg-bad-soft text-bad",
            Tone::Info => "flex gap-2 p-3 rounded-md border border-line bg-info-soft text-info",
        }
    }

    const fn shape(self) -> Shape {
        match self {
            Tone::Ok => Shape::Check,
            Tone::Warn | Tone::Bad => Shape::Warning,
            Tone::Info => Shape::Circle,
        }
    }
}

/// A note. Bad news is announced at once, the rest when the reader pauses.
#[component]
pub fn Callout(
    tone: Tone,
    #[prop(into)] title: String,
    /// Stands there from the start, so it is no news to announce.
    #[prop(optional)]
    standing: bool,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let role = match tone {
        _ if standing => "note",
        Tone::Bad => "alert",
        Tone::Ok | Tone::Warn | Tone::Info => "status",
    };
    view! {
        <div class=tone.class() role=role>
            <span class="mt-0.5">
                <Icon shape=tone.shape() />
            </span>
            <div class="min-w-0 grow text-ink">
                <p class="font-medium break-words">{title}</p>
                {children.map(|children| view! { <div class="mt-1 text-ink-muted break-words">{children()}</div> })}
            </div>
        </div>
    }
}

/// Why a form failed as a whole. Faults of single fields stand beside them.
#[component]
pub fn FormError(
    failure: Failure,
    /// Stands between other parts, not in a form that spaces its fields.
    #[prop(optional)]
    apart: bool,
) -> impl IntoView {
    let class = if apart { "mb-4" } else { "contents" };
    // The button may be a screen below what has to be read now.
    Effect::new(move |_| {
        if failure.error.with(Option::is_some) {
            request_animation_frame(show_alert);
        }
    });
    let t = text();
    view! {
        <div class="contents" aria-live="polite">
            {move || {
                failure.error.get().map(|error| {
                    let id = error.request_id.clone().filter(|_| error.is_ours());
                    let words = *error.words;
                    view! {
                        <div class=class>
                        <Callout tone=Tone::Bad title=words.sentence>
                            {words.detail.map(|detail| view! { <p>{detail}</p> })}
                            <p>{words.next_step}</p>
                            {id.map(|id| view! { <p>{t.request_id} ": " <code>{id}</code></p> })}
                        </Callout>
                        </div>
                    }
                })
            }}
        </div>
    }
}

/// Brings the first alert of the page into view, unless it is.
fn show_alert() {
    let Ok(Some(alert)) = document().query_selector("main [role=alert]") else { return };
    let top = alert.get_bounding_client_rect().top();
    let height = window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or_default();
    if !(0.0..height).contains(&top) {
        alert.scroll_into_view();
    }
}

/// A list without entries: what it is for, and the one thing to do.
#[component]
pub fn EmptyState(
    #[prop(into)] title: String,
    #[prop(into)] body: String,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="flex flex-col items-center gap-2 py-12 px-4 text-center border border-line border-dashed rounded-[10px]">
            <p class="font-medium">{title}</p>
            <p class="max-w-[480px] text-ink-muted">{body}</p>
            {children.map(|children| view! { <div class="mt-2 flex gap-2 flex-wrap justify-center">{children()}</div> })}
        </div>
    }
}
