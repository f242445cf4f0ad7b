//! What a page shows while it reads and when it cannot.

use domain::{Code, Kind};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;

use super::{BUTTON_CLASS, Bare, LinkButton, PLAIN_CLASS, encode};
use crate::{
    error::{AppError, failed},
    i18n::text,
};

/// Shows what `load` makes, a skeleton until then, and its failure in words. `load` runs again when
/// something it reads changes; what stands there stays until the new answer is in.
#[component]
pub fn Boundary<F, Fut>(load: F) -> impl IntoView
where
    F: Fn() -> Fut + Clone + Send + Sync + 'static,
    Fut: Future<Output = Result<AnyView, AppError>> + Send + 'static,
{
    view! {
        <Transition fallback=Skeleton>
            {move || {
                let load = load();
                Suspend::new(async move {
                    match load.await {
                        Ok(view) => view,
                        Err(error) => view! { <ErrorView error=error /> }.into_any(),
                    }
                })
            }}
        </Transition>
    }
}

#[component]
fn Skeleton() -> impl IntoView {
    let t = text();
    view! {
        <div class="flex flex-col gap-3 py-4" role="status">
            <span class="sr-only">{t.loading}</span>
            <div class="h-5 w-1/3 rounded-md bg-surface-sunken"></div>
            <div class="h-5 w-full rounded-md bg-surface-sunken"></div>
            <div class="h-5 w-full rounded-md bg-surface-sunken"></div>
            <div class="h-5 w-2/3 rounded-md bg-surface-sunken"></div>
        </div>
    }
}

/// A failure in place of a page or a part: what happened, what to do, and how to name it. Who is not
/// signed in goes to sign in, and comes back here.
#[component]
pub fn ErrorView(
    error: AppError,
    /// Is all that there is on its page, and heads it.
    #[prop(optional)]
    whole: bool,
) -> impl IntoView {
    let location = use_location();
    let search = location.search.get_untracked();
    let mark = if search.is_empty() || search.starts_with('?') { "" } else { "?" };
    let here = format!("{}{mark}{search}", location.pathname.get_untracked());
    if error.code == Code::SignInRequired {
        leave(&format!("/sign-in?next={}", encode(&here)));
        return ().into_any();
    }
    #[cfg(feature = "ssr")]
    crate::context::set_status(error.status());
    let t = text();
    let id = error.request_id.clone();
    let kind = error.code.kind();
    let words = *error.words.clone();
    let again = error.is_ours() || matches!(kind, Kind::TooMany | Kind::Upstream | Kind::UpstreamTimeout);
    view! {
        <div class="flex flex-col items-start gap-2 py-2" role="alert">
            {match whole {
                true => view! { <h1 class="text-lg font-semibold">{words.sentence}</h1> }.into_any(),
                false => view! { <h2 class="text-lg font-semibold">{words.sentence}</h2> }.into_any(),
            }}
            {words.detail.map(|detail| view! { <p class="text-ink-muted">{detail}</p> })}
            <p class="text-ink-muted">{words.next_step}</p>
            {id.map(|id| view! { <p class="text-ink-faint text-xs">{t.request_id} ": " <code>{id}</code></p> })}
            <div class="flex gap-2 mt-2">
                // A document load, not a route change: that is what tries again.
                {again.then(|| view! { <a class=BUTTON_CLASS rel="external" href=here>{t.retry}</a> })}
                <LinkButton class=PLAIN_CLASS href="/projects">
                    {t.all_projects}
                </LinkButton>
            </div>
        </div>
    }
    .into_any()
}

/// Goes to another page: by status and header while rendering on the server, by navigation here.
#[cfg(feature = "ssr")]
fn leave(path: &str) {
    leptos_axum::redirect(path);
}

#[cfg(not(feature = "ssr"))]
fn leave(path: &str) {
    let path = path.to_owned();
    let navigate = leptos_router::hooks::use_navigate();
    Effect::new(move |_| navigate(&path, Default::default()));
}

#[component]
pub fn NotFound() -> impl IntoView {
    view! {
        <Title text="404" />
        <Bare>
            <ErrorView error=failed!(NotFound) whole=true />
        </Bare>
    }
}
