namespace LLMOS.Silo;

/// <summary>The options of the stand-alone silo.</summary>
internal static class SiloCommandLine
{
    private static readonly Option[] Options =
    [
        new("--data", "Data", "DIR", "where the state lies (default: the platform's folder for it, or LLMOS_DATA)"),
        new("--silo-port", "SiloPort", "PORT", $"for other silos (default {LlmosSiloOptions.DefaultSiloPort}; 0 for any that is free)"),
        new("--gateway-port", "GatewayPort", "PORT", $"for clients (default {LlmosSiloOptions.DefaultGatewayPort}; 0 for any that is free)"),
        new("--http", "HttpPort", "PORT", $"for the dashboard, VAPI, OpenAI's API and /health (default {LlmosSiloOptions.DefaultHttpPort}; none for no HTTP)"),
        new("--http-host", "HttpHost", "ADDRESS", "the address that HTTP listens on (default 127.0.0.1; * for all: other machines need a key)"),
        new("--http-keys", "HttpKeys", "WHEN", "who needs a key over HTTP: elsewhere (other machines) or always (default elsewhere)"),
        new("--http-cert", "HttpCertificate", "FILE", "a PEM or PKCS #12 file to speak HTTPS with (its password: LLMOS_HttpCertificatePassword)"),
        new("--http-cert-key", "HttpCertificateKey", "FILE", "the PEM file of the certificate's key, where that is in a file of its own"),
        new("--devices", "Devices", "LIST", "auto, none, or a list such as CUDA0,CPU:4G (default auto)"),
        new("--model", "Model", "MODEL", "the default model: a name or a path (default: LLMOS_MODEL, or the embedded one)"),
        new("--context", "Context", "CELLS", "KV cells of each engine, shared by its sequences (default: what the model allows)"),
        new("--kv-layout", "KvLayout", "LAYOUT", "unified (sequences share one cache) or per-sequence (each has its own, for many that have nothing in common)"),
        new("--sequences", "Sequences", "N", "most sequences whose KV is in an engine at once, 1 to 256 (default: 256, or 16 per-sequence)"),
        new("--threads", "Threads", "N", "compute threads of each engine on the CPU (default: measured when a model is loaded)"),
        new("--roles", "Roles", "ROLES", "kernel, inference, or both with a comma (default both)"),
        new("--vector-server", "VectorServer", "HOST:PORT", "a Garnet server for the indexes of collections of a million records and more"),
        new("--otlp", "OtlpEndpoint", "URL", "a collector for traces, metrics and logs (default: OTEL_EXPORTER_OTLP_ENDPOINT, or none)"),
        new("--otlp-protocol", "OtlpProtocol", "PROTOCOL", "grpc or http/protobuf (default: OTEL_EXPORTER_OTLP_PROTOCOL, or grpc)"),
        new("--log-format", "LogFormat", "FORMAT", "text or json, on the standard error (default text)"),
        new("--drain-grace", "DrainGrace", "SECONDS", "how long turns may go on after SIGTERM before they are handed over (default 30; 0 to stop at once)"),
        new("--join", "Join", "ADDRESS:PORT", "the silo of this machine to join, with --roles inference"),
    ];

    public static string Help
    {
        get
        {
            var lines = Options.Select(option => $"  {option.Name + " " + option.Value,-24} {option.Description}");
            return $"LLMOS.Silo: a silo that stands alone.\n\nOptions:\n{string.Join('\n', lines)}\n  {"--help",-24} shows this\n";
        }
    }

    /// <returns>What was said, by the names of the configuration; null when help was asked for.</returns>
    /// <exception cref="LlmosException">An option is not known, or its value is missing.</exception>
    public static IReadOnlyDictionary<string, string?>? Parse(IReadOnlyList<string> arguments)
    {
        var said = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        for (var index = 0; index < arguments.Count; index++)
        {
            var (name, value) = Split(arguments[index]);
            if (name is "--help" or "-h" or "-?")
            {
                return null;
            }

            var option = Array.Find(Options, option => option.Name == name)
                ?? throw LlmosException.InvalidArgument($"'{name}' is no option of the silo: see --help.");
            value ??= ++index < arguments.Count
                ? arguments[index]
                : throw LlmosException.InvalidArgument($"{name} wants a value: {name} {option.Value}.");
            said[option.Key] = value;
        }

        return said;
    }

    private static (string Name, string? Value) Split(string argument)
    {
        var equals = argument.IndexOf('=', StringComparison.Ordinal);
        return argument.StartsWith("--", StringComparison.Ordinal) && equals > 0
            ? (argument[..equals], argument[(equals + 1)..])
            : (argument, null);
    }

    private sealed record Option(string Name, string Key, string Value, string Description);
}
