using System.Globalization;

namespace ModelForge.Corpus.Reading.Roles;

/// <summary>Roles to merge or a role to split, with the roles that should come out.</summary>
internal sealed record RoleCase(IReadOnlyList<DocumentMessage> Prompt, IReadOnlyList<RoleText> Roles)
{
    /// <summary>The answer: one description alone, several on numbered lines.</summary>
    public string Answer => Roles.Count == 1
        ? " " + Roles[0].Regular
        : string.Join('\n', Roles.Select((role, i) => string.Create(CultureInfo.InvariantCulture, $"{i + 1}. {role.Regular}")));
}
