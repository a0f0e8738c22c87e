"""The weight of evidence: scores become likelihood ratios, with their papers, or there is no number and a reason."""

from forensics.evidence.bounds import Bounds, BoundsParams, elub
from forensics.evidence.calibrate import CalibrateParams, Calibration, Evidence, Papers, calibrate, weigh
from forensics.evidence.calibration_set import CalibrationSet, Origin
from forensics.evidence.isotonic import Isotonic, IsotonicParams, fit_isotonic
from forensics.evidence.kernel import Kernel, KernelParams, fit_kernel
from forensics.evidence.leave_source_out import FoldParams, leave_source_out
from forensics.evidence.logistic import Logistic, LogisticParams, fit_logistic
from forensics.evidence.measures import Measures, cllr, cllr_min, equal_error, measure
from forensics.evidence.no_evidence import NoEvidence
from forensics.evidence.plots import det, ece, pav, tippett
from forensics.evidence.two_level import TwoLevel, fit_two_level
from forensics.evidence.wording import BANDS, Band, Wording, word

__all__ = [
    "BANDS",
    "Band",
    "Bounds",
    "BoundsParams",
    "CalibrateParams",
    "Calibration",
    "CalibrationSet",
    "Evidence",
    "FoldParams",
    "Isotonic",
    "IsotonicParams",
    "Kernel",
    "KernelParams",
    "Logistic",
    "LogisticParams",
    "Measures",
    "NoEvidence",
    "Origin",
    "Papers",
    "TwoLevel",
    "Wording",
    "calibrate",
    "cllr",
    "cllr_min",
    "det",
    "ece",
    "elub",
    "equal_error",
    "fit_isotonic",
    "fit_kernel",
    "fit_logistic",
    "fit_two_level",
    "leave_source_out",
    "measure",
    "pav",
    "tippett",
    "weigh",
    "word",
]
