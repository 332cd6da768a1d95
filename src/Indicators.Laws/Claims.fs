namespace BtcBandit.Indicators.Laws

/// <summary>How an output changes when the unit of price does.</summary>
type Scaling =
    /// Not stated: the law of scale is not tried.
    | Unstated = 0
    /// A price: ten times the prices, ten times the output.
    | Price = 1
    /// A ratio, a percentage, a direction: it does not change.
    | Ratio = 2

/// <summary>How an output changes when the same amount is added to every price.</summary>
type Shifting =
    /// Not stated: the law does not look at it.
    | Unstated = 0
    /// A level: it rises by the amount.
    | Follows = 1
    /// A difference, or a ratio of differences: it does not change.
    | Stays = 2
