//! Line icons on a 16 × 16 grid. Decoration only: the word beside them says it.

use leptos::prelude::*;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Account,
    Add,
    Check,
    Circle,
    Clock,
    Cross,
    Dash,
    Down,
    Go,
    Home,
    Key,
    Left,
    Log,
    Menu,
    Organization,
    Project,
    Right,
    Search,
    Server,
    Settings,
    Star,
    Starred,
    Tool,
    Warning,
}

impl Shape {
    #[cfg(debug_assertions)]
    pub const ALL: &[Shape] = &[
        Shape::Account,
        Shape::Add,
        Shape::Check,
        Shape::Circle,
        Shape::Clock,
        Shape::Cross,
        Shape::Dash,
        Shape::Down,
        Shape::Go,
        Shape::Home,
        Shape::Key,
        Shape::Left,
        Shape::Log,
        Shape::Menu,
        Shape::Organization,
        Shape::Project,
        Shape::Right,
        Shape::Search,
        Shape::Server,
        Shape::Settings,
        Shape::Star,
        Shape::Starred,
        Shape::Tool,
        Shape::Warning,
    ];

    const fn path(self) -> &'static str {
        match self {
            Shape::Account => {
                "M8 8.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM2.5 14c.6-2.6 2.8-4 5.5-4s4.900 1.400 5.500 4"
            }
            Shape::Add => "M8 3v10M3 8h10",
            Shape::Check => "m3 8.500 3.200 3.200L13 5",
            Shape::Circle => "M8 13.500a5.500 5.500 0 1 0 0-11 5.500 5.500 0 0 0 0 11Z",
            Shape::Clock => "M8 13.500a5.500 5.500 0 1 0 0-11 5.500 5.500 0 0 0 0 11ZM8 5v3.200l2 1.300",
            Shape::Cross => "m4 4 8 8M12 4l-8 8",
            Shape::Dash => "M4 8h8",
            Shape::Down => "m4 6 4 4 4-4",
            Shape::Go => "M3 8h9M8.500 4.500 12 8l-3.500 3.500",
            Shape::Home => "M2.500 7.500 8 3l5.500 4.500M4 6.500v7h8v-7M6.800 13.500V9.800h2.400v3.700",
            Shape::Key => {
                "M5.500 13a2.800 2.800 0 1 0 0-5.600 2.800 2.800 0 0 0 0 5.600ZM7.500 8.200 13 2.700M10.500 5.200l2 2"
            }
            Shape::Left => "m8 4-4 4 4 4M12 4 8 8l4 4",
            Shape::Log => "M3 4h10M3 8h10M3 12h6",
            Shape::Menu => "M2.500 4h11M2.500 8h11M2.500 12h11",
            Shape::Organization => "M3 13.500v-11h6v11M9 6h4v7.500M1.500 13.500h13M5 5h2M5 8h2M5 11h2",
            Shape::Project => "M2 4.500v8h12v-7H8l-1.500-1.800H2Z",
            Shape::Right => "m4 4 4 4-4 4M8 4l4 4-4 4",
            Shape::Search => {
                "M7 11.500a4.500 4.500 0 1 0 0-9 4.500 4.500 0 0 0 0 9ZM10.300 10.300l3.200 3.200"
            }
            Shape::Server => "M2.500 3h11v4h-11zM2.500 9h11v4h-11zM5 5h.01M5 11h.01",
            Shape::Settings => "M2.500 5h6M11.500 5h2M2.500 11h2M7.500 11h6M10 3.500v3M6 9.500v3",
            Shape::Star | Shape::Starred => {
                "m8 2.200 1.800 3.700 4 .600-2.900 2.800.700 4L8 11.400l-3.600 1.900.700-4-2.900-2.800 4-.600Z"
            }
            Shape::Tool => {
                "M9.800 6.200a3 3 0 0 1-3.900 3.900L3.500 12.500l-1-1 2.400-2.400M9.800 6.200l2.700-2.700M9.800 6.200 7 3.500a3 3 0 0 1 3.600-.500"
            }
            Shape::Warning => "M8 2.500 14.200 13H1.800L8 2.500ZM8 6.500v3M8 11.300h.01",
        }
    }
}

#[component]
pub fn Icon(shape: Shape) -> impl IntoView {
    let fill = if shape == Shape::Starred { "currentColor" } else { "none" };
    view! {
        <svg
            class="w-4 h-4 shrink-0"
            viewBox="0 0 16 16"
            fill=fill
            stroke="currentColor"
            stroke-width="1.5"
            stroke-linecap="round"
            stroke-linejoin="round"
            aria-hidden="true"
        >
            <path d=shape.path() />
        </svg>
    }
}
