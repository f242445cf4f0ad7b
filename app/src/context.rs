//! What a page and a server function know of their surroundings: the person's language and theme in
//! both halves of the console, and the services, the caller and the request on the server.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::i18n::Locale;

/// Light, dark, or as the system says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Theme {
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    pub const ALL: [Theme; 3] = [Theme::System, Theme::Light, Theme::Dark];

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Theme::System => "system",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Self {
        Self::ALL.into_iter().find(|theme| theme.name() == text).unwrap_or_default()
    }
}

/// How this person wants the console. Constant while a page lives: a change loads the page anew.
#[derive(Clone, Copy, Debug, Default)]
pub struct Preferences {
    pub locale: Locale,
    pub theme: Theme,
    /// The rail shows its icons only, where the page is wide enough for a rail.
    pub narrow_rail: bool,
}

impl Preferences {
    #[must_use]
    pub fn current() -> Self {
        use_context().unwrap_or_default()
    }

    /// From the request's cookies and Accept-Language.
    #[cfg(feature = "ssr")]
    #[must_use]
    pub fn read() -> Self {
        let Some(parts) = use_context::<axum::http::request::Parts>() else { return Self::default() };
        let header =
            |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let cookie = |name: &str| {
            let pairs = header("cookie").split(';').filter_map(|pair| pair.trim().split_once('='));
            pairs.filter(|(key, _)| *key == name).map(|(_, value)| value.to_owned()).next()
        };
        Self {
            locale: cookie("locale")
                .and_then(|name| Locale::parse(&name))
                .unwrap_or_else(|| Locale::accepted(header("accept-language"))),
            theme: cookie("theme").map(|name| Theme::parse(&name)).unwrap_or_default(),
            narrow_rail: cookie("rail").is_some_and(|rail| rail == "narrow"),
        }
    }

    /// From what the server wrote on `<html>`.
    #[cfg(not(feature = "ssr"))]
    #[must_use]
    pub fn read() -> Self {
        let root = document().document_element();
        let attribute =
            |name: &str| root.as_ref().and_then(|root| root.get_attribute(name)).unwrap_or_default();
        Self {
            locale: Locale::parse(&attribute("lang")).unwrap_or_default(),
            theme: Theme::parse(&attribute("data-theme")),
            narrow_rail: attribute("data-rail") == "narrow",
        }
    }
}

/// A path of this console to go on to, or the start page: never another site.
#[must_use]
pub fn safe_path(path: &str) -> &str {
    let own = path.starts_with('/')
        && !path.starts_with("//")
        && !path.chars().any(|c| c == '\\' || c.is_control());
    if own { path } else { "/" }
}

#[cfg(feature = "ssr")]
pub use server::*;

#[cfg(feature = "ssr")]
mod server {
    use axum::http::{HeaderValue, StatusCode, header, request::Parts};
    use domain::{Code, Error};
    use leptos::prelude::*;
    use leptos_axum::ResponseOptions;
    use services::{Caller, Services};
    use tower_sessions::Session;

    use crate::error::AppError;

    /// Who asks; nobody while signed out.
    #[derive(Clone)]
    pub struct Identity(pub Option<Caller>);

    /// The request and the installation, as far as pages need them.
    #[derive(Clone, Debug, Default)]
    pub struct Meta {
        pub request_id: String,
        pub ip: String,
        pub user_agent: String,
        /// The style sheet's file name below `/pkg/`.
        pub css: String,
        /// The address under which people and clients reach this installation, without a slash at its end.
        pub public_url: String,
    }

    /// What a person typed into a form that was sent without WASM, to be shown again beside its error.
    #[derive(Clone, Debug, Default)]
    pub(crate) struct Typed(pub Vec<(String, String)>);

    pub fn services() -> Result<Services, AppError> {
        // Absent only while routes are listed at start, when nothing may be read.
        use_context::<Services>().ok_or_else(|| crate::error::failed!(Unavailable))
    }

    pub fn caller() -> Option<Caller> {
        use_context::<Identity>().and_then(|identity| identity.0)
    }

    pub fn signed_in() -> Result<(Services, Caller), AppError> {
        let caller = caller().ok_or_else(|| AppError::from(Error::new(Code::SignInRequired)))?;
        Ok((services()?, caller))
    }

    pub fn session() -> Result<Session, AppError> {
        use_context::<Session>().ok_or_else(|| Error::internal("no session layer").into())
    }

    #[must_use]
    pub fn meta() -> Meta {
        use_context().unwrap_or_default()
    }

    /// Whether a browser sent this as a plain form, which is answered by a redirect.
    #[must_use]
    pub fn is_plain_form() -> bool {
        use_context::<Parts>().is_some_and(|parts| {
            let accepted = parts.headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
            accepted.is_some_and(|accepted| accepted.contains("text/html"))
        })
    }

    /// Remembers what was typed, should the function fail. Never for passwords and values of variables:
    /// it travels in an address.
    pub fn keep<'a>(typed: impl IntoIterator<Item = (&'a str, &'a str)>) {
        if is_plain_form() {
            let short = |text: &str| text.chars().take(400).collect::<String>();
            provide_context(Typed(
                typed.into_iter().map(|(name, value)| (name.to_owned(), short(value))).collect(),
            ));
        }
    }

    /// Sends the browser on to a page of this console.
    pub fn go(path: &str) {
        leptos_axum::redirect(&crate::ui::encode_path(path));
    }

    /// A cookie of the request.
    #[must_use]
    pub fn cookie(name: &str) -> Option<String> {
        let parts = use_context::<Parts>()?;
        let header = parts.headers.get(header::COOKIE)?.to_str().ok()?;
        let mut pairs = header.split(';').filter_map(|pair| pair.trim().split_once('='));
        pairs.find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
    }

    /// Sets a cookie that is no secret, for a year.
    pub fn remember(name: &str, value: &str) {
        let cookie = format!("{name}={value}; Path=/; Max-Age=31536000; SameSite=Lax");
        if let (Some(options), Ok(cookie)) =
            (use_context::<ResponseOptions>(), HeaderValue::from_str(&cookie))
        {
            options.append_header(header::SET_COOKIE, cookie);
        }
    }

    /// Whether this request calls a server function through WASM, which reads the status of the answer.
    #[must_use]
    pub(crate) fn is_call() -> bool {
        use_context::<Parts>().is_some_and(|parts| parts.uri.path().starts_with("/_fn/")) && !is_plain_form()
    }

    pub fn set_status(status: u16) {
        if let (Some(options), Ok(status)) = (use_context::<ResponseOptions>(), StatusCode::from_u16(status))
        {
            options.set_status(status);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_own_paths() {
        for own in ["/projects", "/projects/a.b/logs?level=error"] {
            assert_eq!(safe_path(own), own);
        }
        for foreign in
            ["", "//evil.test", "https://evil.test", "/\\evil.test", "/a\nb", "javascript:alert(1)"]
        {
            assert_eq!(safe_path(foreign), "/");
        }
    }
}
