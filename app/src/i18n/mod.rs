//! English and Korean from one typed table: a missing text does not compile.
//!
//! Words of the product in Korean: server 서버, tool 도구, key 키, project 프로젝트, organization 조직,
//! member 구성원, log 로그, role 역할. Messages end in 합니다체, labels are nouns.

use serde::{Deserialize, Serialize};

/// A table of texts: name, English, Korean. `Table::of(locale)` is one language of it.
macro_rules! texts {
    ($table:ident; $($name:ident $english:literal $korean:literal;)+) => {
        pub struct $table {
            pub locale: $crate::i18n::Locale,
            $(pub $name: &'static str,)+
        }

        impl $table {
            const EN: Self = Self { locale: $crate::i18n::Locale::English, $($name: $english,)+ };
            const KO: Self = Self { locale: $crate::i18n::Locale::Korean, $($name: $korean,)+ };

            #[must_use]
            pub const fn of(locale: $crate::i18n::Locale) -> &'static Self {
                match locale {
                    $crate::i18n::Locale::English => &Self::EN,
                    $crate::i18n::Locale::Korean => &Self::KO,
                }
            }

            /// In the reader's language.
            #[must_use]
            pub fn current() -> &'static Self {
                Self::of($crate::context::Preferences::current().locale)
            }
        }
    };
}

mod account;
mod activity;
mod admin;
mod command;
mod connect;
mod copies;
mod detect;
mod diff;
mod export;
mod failure;
mod history;
mod home;
mod import;
mod invitation;
mod key;
mod log;
mod mail;
mod offer;
mod organization;
mod playground;
mod remedy;
mod server;
mod shared;
mod shell;
mod table;
mod team;
mod template;
mod tool;
mod transfer;
mod usage;
mod words;

pub use account::Accounts;
pub use activity::Activity;
pub use admin::Admin;
pub use command::Commands;
pub use connect::Connect;
pub use copies::Copies;
pub use detect::Detect;
pub use diff::Diff;
pub use export::Export;
pub(crate) use failure::told;
pub use history::History;
pub use home::Home;
pub use import::Import;
pub use invitation::Invitations;
pub use key::Keys;
pub use log::Log;
pub use mail::Mail;
pub use offer::Offers;
pub use organization::Organizations;
pub use playground::Playground;
pub use remedy::Remedy;
pub use server::Servers;
pub use shared::SharedServers;
pub use shell::Shell;
pub use table::Text;
pub use team::Teams;
pub use template::Templates;
pub use tool::Tools;
pub use transfer::TransferWords;
pub use usage::Usage;
pub use words::{filled, group, took};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Locale {
    #[default]
    English,
    Korean,
}

impl Locale {
    pub const ALL: [Locale; 2] = [Locale::English, Locale::Korean];

    /// The language tag, as in `<html lang>` and the cookie.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Locale::English => "en",
            Locale::Korean => "ko",
        }
    }

    /// The language's name in itself.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Locale::English => "English",
            Locale::Korean => "한국어",
        }
    }

    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|locale| locale.name() == name)
    }

    /// The first of ours in an Accept-Language header. Browsers send it in order of preference.
    #[must_use]
    pub fn accepted(header: &str) -> Self {
        let tags = header.split(',').filter_map(|range| range.trim().split([';', '-']).next());
        tags.filter_map(|tag| Self::parse(&tag.to_ascii_lowercase())).next().unwrap_or_default()
    }
}

/// The texts in the reader's language.
#[must_use]
pub fn text() -> &'static Text {
    Text::current()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_negotiated() {
        assert_eq!(Locale::accepted("ko-KR,ko;q=0.9,en;q=0.8"), Locale::Korean);
        assert_eq!(Locale::accepted("fr-FR, en-GB;q=0.7, ko;q=0.3"), Locale::English);
        assert_eq!(Locale::accepted(""), Locale::English);
    }
}
