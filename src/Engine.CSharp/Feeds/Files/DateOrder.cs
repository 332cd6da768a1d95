namespace BtcBandit.Engine.Feeds.Files;

/// <summary>The order of the parts of a date.</summary>
internal enum DateOrder
{
    /// <summary>Year, month, day; the only order that is clear without further evidence.</summary>
    YearFirst,

    /// <summary>Day, month, year; dates with the year in front are still read.</summary>
    DayFirst,

    /// <summary>Month, day, year; dates with the year in front are still read.</summary>
    MonthFirst,
}
