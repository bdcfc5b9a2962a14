namespace LLMOS.Shell.Output;

/// <summary>How a listing is written.</summary>
internal enum OutputFormat
{
    Table,
    Json,
    Yaml,
}
