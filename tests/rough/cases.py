"""Rough flows: events by the names of their files, and what is asked of each."""

import numpy as np
from runs import event, peak

GLASMA, NOISE = "OO_epsilon-u-Hydro.dat", "noise.dat"
KINK = {"model": "kink", "value": 0.096, "kink_temperature_mev": 223.0, "slope_low_per_gev": -0.776,
        "slope_high_per_gev": 0.37}


def smooth():
    return event("pbpb_b7.2.dat", 0.2)


def lumpy(**other):
    return event("pbpb_lumpy_b3.0.dat", 0.2, **other)


def b16(**other):
    return event("PbPb5020_b16_4107.1.dat", 0.2, **{"eta": 0.12, "zeta": peak(0.037, 177.0, 29.0), **other})


def xe():
    return event("XeXe5440_wild_4118.1.dat", 0.2, eta=0.10, zeta=peak(0.28, 180.0, 30.0))


def oo(**other):
    return event("OO7000_sub_4125.1.dat", 0.1, **other)


def ppb(**other):
    return event("pPb5020_sub_4129.0.dat", 0.1,
                 **{"start": 0.4, "eta": KINK, "zeta": peak(0.133, 120.0, 72.0, -0.122), **other})


RAW = {"grid.geometry": "milne", "time.start": 0.4, "eos.type": "hotqcd", "initial.type": "file",
       "initial.file": "glasma.h5", "initial.floor": 1e-4}
IDEAL = {"eta": 0.0, "zeta": 0.0}
LARGE, SMALL = (20.5, 41.0 / 256, 0.04), (10.0, 0.1, 0.02)  # half of the box, spacing, step [fm]

# What is run until nothing is hotter than 140 MeV, and what may go missing of its energy.
CASES = [
    ("IP-Glasma O+O, raw", RAW, SMALL, 2e-3),
    ("O+O", oo(), SMALL, 5e-4),
    ("p+Pb", ppb(), SMALL, 5e-4),
    ("p+Pb, floor 1e-6", ppb(floor=1e-6), SMALL, 5e-4),
    ("p+Pb, tau0 0.1, Navier-Stokes", ppb(start=0.1, stress="navier_stokes"), SMALL, 5e-4),
    ("O+O ideal", oo(**IDEAL), SMALL, 2e-3),
    ("p+Pb ideal", ppb(**IDEAL), SMALL, 2e-3),
]
# The same without a look at what a filter alone makes of them.
ALONE = [
    ("Xe+Xe wild, zeta/s 0.28", xe(), LARGE, 5e-4),
    ("Pb+Pb b16, zeta/s 0.28", b16(zeta=peak(0.28, 180.0, 30.0)), LARGE, 5e-4),
    ("Pb+Pb lumpy", lumpy(), LARGE, 5e-4),
    ("Pb+Pb smooth", smooth(), (20.5, 41.0 / 192, 0.04), 5e-4),
    ("Pb+Pb lumpy, ideal", lumpy(**IDEAL), LARGE, 2e-3),
    ("p+Pb, floor 1e-8", ppb(floor=1e-8), SMALL, 5e-4),
    ("p+Pb, floor 1e-10", ppb(floor=1e-10), SMALL, 5e-4),
    ("O+O, tau0 0.05, Navier-Stokes, eta/s 0.3", oo(start=0.05, stress="navier_stokes", eta=0.3), (10.0, 0.1, 0.01),
     5e-4),
    ("O+O, eta/s 0.5", oo(eta=0.5), SMALL, 5e-4),
    ("O+O, eta/s 0.01", oo(eta=0.01), SMALL, 5e-4),
    ("O+O, zeta/s 0.6, 12 MeV wide", oo(zeta=peak(0.6, 180.0, 12.0)), SMALL, 2e-3),
    ("O+O, steps of half the spacing", oo(), (10.0, 0.1, 0.05), 5e-4),
    ("O+O", oo(), (10.0, 0.2, 0.04), 5e-4),
    ("white noise", event(NOISE, 0.2), (12.0, 0.2, 0.04), 2e-3),
    ("O+O ideal", oo(**IDEAL), (8.0, 0.05, 0.01), 2e-3),
    ("p+Pb, floor 1e-6", ppb(floor=1e-6), (8.0, 0.05, 0.01), 5e-4),
]

# Box, spacing and step as above, times, and the energy density [GeV/fm^3] above which errors are taken.
COMPARED = [
    ("Pb+Pb smooth", smooth(), (41.0 / 3, 41.0 / 192, 0.04), (1.6, 5.6), 1.0),
    ("Pb+Pb lumpy", lumpy(), (12.8125, 41.0 / 256, 0.04), (1.6, 5.6), 1.0),
    ("O+O", oo(), (8.0, 0.1, 0.02), (1.6, 3.6), 0.5),
    ("Xe+Xe wild", xe(), (12.8125, 41.0 / 256, 0.04), (1.6, 5.6), 1.0),
]
REFINED = [("Pb+Pb b16", b16()), ("Xe+Xe wild", xe()), ("Pb+Pb lumpy", lumpy())]


def make_noise(path):
    """A Gaussian, each cell times a random number of mean 1 and variance 3."""
    x = (np.arange(81) - 40) * 0.2
    np.savetxt(path, 20 * np.exp(-(x[None, :]**2 + 1.3 * x[:, None]**2) / (2 * 1.6**2))
               * np.random.default_rng(5).gamma(0.3, 1 / 0.3, (81, 81)))
