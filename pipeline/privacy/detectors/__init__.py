"""One detector of private data per file; the table says which exist.

To add one: a file here, a line in the table, `tests/cases/privacy/<kind>.yaml` with look-alikes.
"""

from __future__ import annotations

from pipeline.privacy.detectors.address import Address
from pipeline.privacy.detectors.amount import Amount
from pipeline.privacy.detectors.bank_card import BankCard
from pipeline.privacy.detectors.cvv import Cvv
from pipeline.privacy.detectors.date_of_birth import DateOfBirth
from pipeline.privacy.detectors.email import Email
from pipeline.privacy.detectors.employer import Employer
from pipeline.privacy.detectors.expiry import Expiry
from pipeline.privacy.detectors.id_card import IdCard
from pipeline.privacy.detectors.landline import Landline
from pipeline.privacy.detectors.name import Name
from pipeline.privacy.detectors.otp import Otp
from pipeline.privacy.detectors.passport import Passport
from pipeline.privacy.detectors.password import Password
from pipeline.privacy.detectors.phone import Phone
from pipeline.privacy.detectors.plate import Plate
from pipeline.privacy.detectors.qq import Qq
from pipeline.privacy.detectors.wechat import Wechat
from pipeline.privacy.hits import Detector


def _table(*detectors: Detector) -> dict[str, Detector]:
    """Detectors by kind; a duplicate is our bug."""
    table: dict[str, Detector] = {}
    for detector in detectors:
        if detector.kind in table:
            raise ValueError(f"two detectors for {detector.kind!r}: keep one file per kind")
        table[detector.kind] = detector
    return table


DETECTORS: dict[str, Detector] = _table(
    IdCard(),
    BankCard(),
    Phone(),
    Landline(),
    Otp(),
    Password(),
    Cvv(),
    Expiry(),
    Email(),
    Wechat(),
    Qq(),
    Plate(),
    Passport(),
    DateOfBirth(),
    Name(),
    Address(),
    Employer(),
    Amount(),
)
