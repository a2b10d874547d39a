//! Shades that can be read on dark and on light backgrounds.

use crate::model::Rgb;

/// The luminances between which a colour stands out by 3 to 1 and more (WCAG 2.2, 1.4.11) from
/// black and white, and from the dark and the light backgrounds that people choose instead,
/// such as Solarized's.
pub const DARKEST: f64 = 0.165;
/// The other bound.
pub const LIGHTEST: f64 = 0.27;

/// The first of the 256 colours of xterm that are the same in every theme: a cube of six steps a
/// side.
const CUBE: u8 = 16;
/// The steps of the cube.
const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];
/// The first of the greys.
const GREYS: u8 = 232;

/// The relative luminance of a colour, 0 to 1 (WCAG 2.2).
pub fn luminance(Rgb(red, green, blue): Rgb) -> f64 {
    let linear = |part: u8| {
        let part = f64::from(part) / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}

/// How much two colours stand out from each other, 1 to 21 (WCAG 2.2).
pub fn contrast(one: Rgb, other: Rgb) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// Whether a colour can be read on a dark and on a light background.
pub fn is_readable(color: Rgb) -> bool {
    (DARKEST..=LIGHTEST).contains(&luminance(color))
}

/// The colour itself where it can be read on both; else the nearest shade of it that can, made
/// with as much white or black as that takes.
pub fn readable(color: Rgb) -> Rgb {
    const FINENESS: u16 = 255;
    if is_readable(color) {
        return color;
    }
    let other = if luminance(color) < DARKEST { 255 } else { 0 };
    let mixed = |share: u16| {
        let part = |own: u8| {
            let sum = u16::from(own) * (FINENESS - share) + other * share;
            u8::try_from(sum / FINENESS).unwrap_or(u8::MAX)
        };
        Rgb(part(color.0), part(color.1), part(color.2))
    };
    (1..=FINENESS).map(mixed).find(|shade| is_readable(*shade)).unwrap_or(Rgb(120, 120, 120))
}

/// The nearest of the 256 colours that can be read on both.
pub fn nearest_of_256(color: Rgb) -> u8 {
    let distance = |Rgb(red, green, blue): Rgb| {
        let part = |own: u8, other: u8| (i32::from(own) - i32::from(other)).pow(2);
        part(color.0, red) + part(color.1, green) + part(color.2, blue)
    };
    let readable = (CUBE..=u8::MAX).filter(|index| is_readable(of_256(*index)));
    readable.min_by_key(|index| distance(of_256(*index))).unwrap_or(GREYS)
}

/// What xterm shows for one of its 256 colours, the first sixteen left out.
fn of_256(index: u8) -> Rgb {
    if index >= GREYS {
        let grey = 8 + 10 * (index - GREYS);
        return Rgb(grey, grey, grey);
    }
    let index = index.saturating_sub(CUBE);
    let step = |place: u8| STEPS.get(usize::from(place % 6)).copied().unwrap_or_default();
    Rgb(step(index / 36), step(index / 6), step(index))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::Tricode;

    /// Backgrounds that people use: black, white, Solarized, Ubuntu's, tmux's usual.
    const BACKGROUNDS: [Rgb; 6] = [
        Rgb(0, 0, 0),
        Rgb(255, 255, 255),
        Rgb(0x00, 0x2b, 0x36),
        Rgb(0xfd, 0xf6, 0xe3),
        Rgb(0x30, 0x0a, 0x24),
        Rgb(0x1e, 0x1e, 0x1e),
    ];

    #[test]
    fn the_thirty_teams_can_be_read_on_dark_and_on_light() {
        for code in Tricode::all() {
            let color = code.team().color;
            for shade in [readable(color), of_256(nearest_of_256(readable(color)))] {
                for background in BACKGROUNDS {
                    let contrast = contrast(shade, background);
                    assert!(contrast >= 3.0, "{code} {shade:?} on {background:?}: {contrast:.2}");
                }
            }
        }
    }

    #[test]
    fn contrast_is_as_the_standard_has_it() {
        assert!((contrast(Rgb(0, 0, 0), Rgb(255, 255, 255)) - 21.0).abs() < 1e-9);
        assert!((contrast(Rgb(119, 119, 119), Rgb(255, 255, 255)) - 4.48).abs() < 0.01);
    }

    proptest! {
        #[test]
        fn every_colour_has_a_readable_shade_of_its_hue(red: u8, green: u8, blue: u8) {
            let color = Rgb(red, green, blue);
            let shade = readable(color);
            prop_assert!(is_readable(shade));
            prop_assert_eq!(readable(shade), shade);
            prop_assert!(!is_readable(color) || shade == color);
            // The stronger of two parts stays so.
            prop_assert!(red < green || shade.0 >= shade.1);
            prop_assert!(green < blue || shade.1 >= shade.2);
            prop_assert!(is_readable(of_256(nearest_of_256(color))));
        }
    }
}
