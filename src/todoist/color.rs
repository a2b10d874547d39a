//! Todoist's twenty colours, and which of them comes nearest to another.

use std::str::FromStr;

use serde::Serialize;

use crate::model::Rgb;

/// A colour that a project can have, named as the API names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Color {
    BerryRed,
    Red,
    Orange,
    Yellow,
    OliveGreen,
    LimeGreen,
    Green,
    MintGreen,
    Teal,
    SkyBlue,
    LightBlue,
    Blue,
    Grape,
    Violet,
    Lavender,
    Magenta,
    Salmon,
    Charcoal,
    Grey,
    Taupe,
}

/// The palette as Todoist shows it.
const PALETTE: [(Color, Rgb); 20] = [
    (Color::BerryRed, Rgb(0xb8, 0x25, 0x6f)),
    (Color::Red, Rgb(0xdb, 0x40, 0x35)),
    (Color::Orange, Rgb(0xff, 0x99, 0x33)),
    (Color::Yellow, Rgb(0xfa, 0xd0, 0x00)),
    (Color::OliveGreen, Rgb(0xaf, 0xb8, 0x3b)),
    (Color::LimeGreen, Rgb(0x7e, 0xcc, 0x49)),
    (Color::Green, Rgb(0x29, 0x94, 0x38)),
    (Color::MintGreen, Rgb(0x6a, 0xcc, 0xbc)),
    (Color::Teal, Rgb(0x15, 0x8f, 0xad)),
    (Color::SkyBlue, Rgb(0x14, 0xaa, 0xf5)),
    (Color::LightBlue, Rgb(0x96, 0xc3, 0xeb)),
    (Color::Blue, Rgb(0x40, 0x73, 0xff)),
    (Color::Grape, Rgb(0x88, 0x4d, 0xff)),
    (Color::Violet, Rgb(0xaf, 0x38, 0xeb)),
    (Color::Lavender, Rgb(0xeb, 0x96, 0xeb)),
    (Color::Magenta, Rgb(0xe0, 0x51, 0x94)),
    (Color::Salmon, Rgb(0xff, 0x8d, 0x85)),
    (Color::Charcoal, Rgb(0x80, 0x80, 0x80)),
    (Color::Grey, Rgb(0xb8, 0xb8, 0xb8)),
    (Color::Taupe, Rgb(0xcc, 0xac, 0x93)),
];

/// Not one of Todoist's colours.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("Todoist has no colour {name:?}: it has {}", Color::all().map(Color::name).collect::<Vec<_>>().join(", "))]
pub struct UnknownColor {
    name: String,
}

/// Below this chroma an eye sees grey rather than a hue.
const GREY: f64 = 0.03;
/// How much hue counts against saturation, and how little lightness does: team colours are
/// darker than anything in the palette, and yet a navy blue is a blue and not a charcoal.
const HUE_WEIGHT: f64 = 0.3;
const LIGHTNESS_WEIGHT: f64 = 0.1;

impl Color {
    /// The colour as Todoist shows it.
    pub fn rgb(self) -> Rgb {
        PALETTE.iter().find(|(color, _)| *color == self).map_or(Rgb(0, 0, 0), |(_, rgb)| *rgb)
    }

    /// All twenty, in the order in which Todoist shows them.
    pub fn all() -> impl Iterator<Item = Self> {
        PALETTE.iter().map(|(color, _)| *color)
    }

    /// What the API calls it: `berry_red`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::BerryRed => "berry_red",
            Self::Red => "red",
            Self::Orange => "orange",
            Self::Yellow => "yellow",
            Self::OliveGreen => "olive_green",
            Self::LimeGreen => "lime_green",
            Self::Green => "green",
            Self::MintGreen => "mint_green",
            Self::Teal => "teal",
            Self::SkyBlue => "sky_blue",
            Self::LightBlue => "light_blue",
            Self::Blue => "blue",
            Self::Grape => "grape",
            Self::Violet => "violet",
            Self::Lavender => "lavender",
            Self::Magenta => "magenta",
            Self::Salmon => "salmon",
            Self::Charcoal => "charcoal",
            Self::Grey => "grey",
            Self::Taupe => "taupe",
        }
    }

    /// The palette's colour that a person would take for `wanted`: the nearest in Oklch
    /// (<https://bottosson.github.io/posts/oklab/>), hue first, then saturation, then
    /// lightness.
    pub fn nearest(wanted: Rgb) -> Self {
        let target = Oklch::of(wanted);
        let distance = |rgb: Rgb| Oklch::of(rgb).distance(target);
        PALETTE
            .iter()
            .min_by(|(_, a), (_, b)| distance(*a).total_cmp(&distance(*b)))
            .map_or(Self::Charcoal, |(color, _)| *color)
    }
}

impl FromStr for Color {
    type Err = UnknownColor;

    /// A name as the API writes it, in any case, or with hyphens or spaces in it.
    fn from_str(text: &str) -> Result<Self, UnknownColor> {
        let name = text.trim().to_ascii_lowercase().replace(['-', ' '], "_");
        let found = Self::all().find(|color| color.name() == name);
        found.ok_or_else(|| UnknownColor { name: text.to_owned() })
    }
}

/// A colour as an eye sees it.
#[derive(Clone, Copy)]
struct Oklch {
    lightness: f64,
    chroma: f64,
    /// In radians; `None` for greys.
    hue: Option<f64>,
}

impl Oklch {
    fn of(rgb: Rgb) -> Self {
        let [lightness, green_red, blue_yellow] = oklab(rgb);
        let chroma = green_red.hypot(blue_yellow);
        let hue = (chroma >= GREY).then(|| blue_yellow.atan2(green_red));
        Self { lightness, chroma, hue }
    }

    fn distance(self, other: Self) -> f64 {
        let hues_apart = match (self.hue, other.hue) {
            // The square of the chord between two points of the unit circle.
            (Some(a), Some(b)) => 2.0 - 2.0 * (a - b).cos(),
            (None, None) => 0.0,
            _ => 1.0,
        };
        HUE_WEIGHT * hues_apart
            + (self.chroma - other.chroma).powi(2)
            + LIGHTNESS_WEIGHT * (self.lightness - other.lightness).powi(2)
    }
}

/// sRGB to Oklab.
fn oklab(Rgb(red, green, blue): Rgb) -> [f64; 3] {
    let [r, g, b] = [red, green, blue].map(linear);
    let l = (0.412_221_47 * r + 0.536_332_54 * g + 0.051_445_99 * b).cbrt();
    let m = (0.211_903_5 * r + 0.680_699_55 * g + 0.107_396_96 * b).cbrt();
    let s = (0.088_302_46 * r + 0.281_718_84 * g + 0.629_978_7 * b).cbrt();
    [
        0.210_454_26 * l + 0.793_617_8 * m - 0.004_072_05 * s,
        1.977_998_5 * l - 2.428_592_2 * m + 0.450_593_7 * s,
        0.025_904_04 * l + 0.782_771_77 * m - 0.808_675_77 * s,
    ]
}

fn linear(channel: u8) -> f64 {
    let value = f64::from(channel) / 255.0;
    if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Tricode;

    #[test]
    fn each_color_is_nearest_to_itself() {
        for (color, rgb) in PALETTE {
            assert_eq!(Color::nearest(rgb), color);
        }
    }

    #[test]
    fn teams_get_the_color_that_their_people_wear() {
        for (code, color) in [
            ("BOS", Color::Green),
            ("MIL", Color::Green),
            ("CHI", Color::Red),
            ("LAL", Color::Violet),
            ("NYK", Color::Orange),
            ("BKN", Color::Charcoal),
            ("GSW", Color::Blue),
            ("ATL", Color::Red),
            ("SAS", Color::Grey),
        ] {
            let team = Tricode::of(code).unwrap().team();
            assert_eq!(Color::nearest(team.color), color, "{code}");
        }
    }

    #[test]
    fn colors_are_named_as_the_api_names_them() {
        for color in Color::all() {
            assert_eq!(serde_json::to_value(color).unwrap(), color.name());
            assert_eq!(color.name().parse(), Ok(color));
        }
        assert_eq!("Berry-Red".parse(), Ok(Color::BerryRed));
        let error = "pink".parse::<Color>().unwrap_err().to_string();
        assert!(error.contains("berry_red") && error.contains("taupe"), "{error}");
    }
}
