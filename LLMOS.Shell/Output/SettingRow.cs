namespace LLMOS.Shell.Output;

/// <summary>An option of the configuration, as <c>config list -o json</c> lists it.</summary>
internal sealed record SettingRow(string Name, string Value, string Source);
