using System.Buffers;
using System.Globalization;
using LLMOS.Kernel.Security;

namespace LLMOS.Kernel.Processes;

/// <summary>What a spec must be for a process to be made of it.</summary>
public static class ProcessSpecRules
{
    public const int MaxNameLength = 64;
    public const int MaxRoleLength = 32 * 1024;
    public const int MaxAdapters = 8;

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");

    /// <exception cref="LlmosException">The spec is wrong; the message says what and how to right it.</exception>
    public static void Validate(ProcessSpec spec, IReadOnlyCollection<string> programs)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(programs);
        if (string.IsNullOrEmpty(spec.Name) || spec.Name.Length > MaxNameLength || spec.Name.AsSpan().ContainsAnyExcept(NameCharacters))
        {
            throw LlmosException.InvalidArgument(
                $"'{Shorten(spec.Name ?? "")}' is no name for a process: use 1 to {MaxNameLength} letters, digits, '-', '_' and '.'.");
        }

        if (long.TryParse(spec.Name, out _))
        {
            throw LlmosException.InvalidArgument($"'{spec.Name}' is no name for a process: a number would be taken for a PID; add a letter.");
        }

        if (spec.Role.Length > MaxRoleLength)
        {
            throw LlmosException.InvalidArgument(
                $"The role of '{spec.Name}' has {spec.Role.Length} characters; at most {MaxRoleLength} are kept: shorten it.");
        }

        Require(spec.Budget > 0, spec, $"a budget of {spec.Budget} tokens", "give it at least 1");
        Require(spec.BudgetSlice > TimeSpan.Zero, spec, $"a budget slice of {spec.BudgetSlice}", "give it a positive time");
        Require(spec.MaxTokensPerTurn > 0, spec, $"{spec.MaxTokensPerTurn} tokens a turn", "give it at least 1");
        Require(spec.Temperature is >= 0 and <= 10, spec, $"a temperature of {spec.Temperature}", "use 0 to 10");
        if (!spec.Adapters.IsDefaultOrEmpty)
        {
            Require(spec.Adapters.Length <= MaxAdapters, spec, $"{spec.Adapters.Length} adapters", $"use at most {MaxAdapters}");
            foreach (var adapter in spec.Adapters)
            {
                Require(!string.IsNullOrWhiteSpace(adapter?.Name), spec, "an adapter without a name", "use one of Models:Adapters");
                Require(float.IsFinite(adapter!.Scale) && adapter.Scale != 0, spec, string.Create(CultureInfo.InvariantCulture, $"the adapter '{Shorten(adapter.Name)}' at a scale of {adapter.Scale}"), "use a number other than 0");
            }
        }

        Require(Enum.IsDefined(spec.Kind), spec, $"the kind {(int)spec.Kind}", "use User, System, Specialist or Meta");
        Require((spec.Permissions & ~Permissions.All) == 0, spec, $"the permissions {(int)spec.Permissions}", "use those that exist");
        Require(programs.Contains(spec.Program), spec, $"the program '{Shorten(spec.Program)}'", $"use one of {string.Join(", ", programs.Order())}");
    }

    private static void Require(bool holds, ProcessSpec spec, string what, string remedy)
    {
        if (!holds)
        {
            throw LlmosException.InvalidArgument($"'{spec.Name}' cannot have {what}: {remedy}.");
        }
    }

    private static string Shorten(string text) => text.Length <= 80 ? text : text[..80] + "…";
}
