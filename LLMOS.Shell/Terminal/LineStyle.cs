namespace LLMOS.Shell.Terminal;

/// <summary>How a line of a full screen looks.</summary>
internal enum LineStyle
{
    Plain,

    /// <summary>Less important than what is around it.</summary>
    Dim,

    /// <summary>A head.</summary>
    Head,

    /// <summary>The selected one: light and dark are exchanged, which is no colour.</summary>
    Selected,

    /// <summary>Something works here.</summary>
    Active,

    /// <summary>Something was stopped here.</summary>
    Stopped,

    /// <summary>A question, or what went wrong.</summary>
    Alert,
}
