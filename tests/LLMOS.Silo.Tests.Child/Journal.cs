using System.Globalization;

namespace LLMOS.Silo.Tests.Child;

/// <summary>
/// The standard output as a journal: one effect a line, once it is acknowledged, and before it where the effect can be seen
/// without its acknowledgement. A line ends with a full stop, so that one which a kill cut off is known.
/// </summary>
internal static class Journal
{
    public static void Say(FormattableString line) => Console.Out.WriteLine(line.ToString(CultureInfo.InvariantCulture) + " .");
}
