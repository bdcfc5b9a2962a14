namespace LLMOS.Shell.Terminal;

/// <summary>A line of a full screen: text without controls, in at most as many cells as the screen is wide.</summary>
internal readonly record struct ScreenLine(string Text, LineStyle Style = LineStyle.Plain);
