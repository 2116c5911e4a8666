"""The points of the payer scorecard; written by `./vision bench score_fit --write`.

For each characteristic: the points of its bands in their order, the last one for nothing known.
The method is that of `bench/payers/fitting.py`. TYPICAL are the points that most debits get.
"""

POINTS = {
    "funds_recent": (11, 5, 0, 0, 11),
    "funds_older": (9, 2, 0, 0, 9),
    "refused": (5, 1, 0, 5),
    "account": (7, 0, 7),
    "streak": (0, 16, 20, 23, 24, 28, 21),
    "days_late": (7, 3, 3, 2, 0, 3),
    "unpaid": (10, 3, 0, 10),
    "amount_ratio": (19, 16, 13, 0, 15),
    "client_months": (0, 0, 3, 3, 3),
    "mandate_months": (0, 0, 1, 1, 1),
}
TYPICAL = {
    "funds_recent": 11,
    "funds_older": 9,
    "refused": 5,
    "account": 7,
    "streak": 28,
    "days_late": 7,
    "unpaid": 10,
    "amount_ratio": 19,
    "client_months": 0,
    "mandate_months": 1,
}
BASE = 0
# ln(odds of a failure) = INTERCEPT - SLOPE * score.
INTERCEPT = 3.6804
SLOPE = 0.0813
