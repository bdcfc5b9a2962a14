namespace LLMOS.Silo.Telemetry;

/// <summary>
/// What of the system's telemetry goes to a collector by OTLP: what OpenTelemetry's standard variables say, and before them the silo's own options.
/// </summary>
internal sealed class OtlpSettings
{
    public const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";
    public const string ProtocolVariable = "OTEL_EXPORTER_OTLP_PROTOCOL";

    private const string Prefix = "OTEL_";

    private OtlpSettings(IReadOnlyDictionary<string, string?> variables)
    {
        Variables = variables;
        Traces = IsWanted("TRACES");
        Metrics = IsWanted("METRICS");
        Logs = IsWanted("LOGS");
    }

    /// <summary>The variables as the exporters read them, by name.</summary>
    public IReadOnlyDictionary<string, string?> Variables { get; }

    public bool Traces { get; }

    public bool Metrics { get; }

    public bool Logs { get; }

    /// <summary>Whether the variables say which traces are kept; else all are that a request or a message begins.</summary>
    public bool HasSampler => Variables.ContainsKey("OTEL_TRACES_SAMPLER");

    /// <summary>Whether the variables say what the service is called.</summary>
    public bool HasServiceName => Variables.ContainsKey("OTEL_SERVICE_NAME") || (Variables.GetValueOrDefault("OTEL_RESOURCE_ATTRIBUTES")?.Contains("service.name=", StringComparison.Ordinal) ?? false);

    /// <summary>Reads them.</summary>
    /// <param name="options">The silo's options.</param>
    /// <param name="environment">The variables of the environment.</param>
    /// <returns>Null where nothing is to be exported.</returns>
    /// <exception cref="LlmosException">An address is none, or the protocol is none that there is.</exception>
    public static OtlpSettings? Read(LlmosSiloOptions options, IEnumerable<KeyValuePair<string, string>> environment)
    {
        var variables = environment
            .Where(variable => variable.Key.StartsWith(Prefix, StringComparison.Ordinal) && variable.Value.Length > 0)
            .ToDictionary(variable => variable.Key, variable => (string?)variable.Value, StringComparer.Ordinal);
        if (options.OtlpEndpoint is { } endpoint)
        {
            variables[EndpointVariable] = endpoint.ToString();
        }

        if (options.OtlpProtocol.Length > 0)
        {
            variables[ProtocolVariable] = options.OtlpProtocol;
        }

        if (string.Equals(variables.GetValueOrDefault("OTEL_SDK_DISABLED"), "true", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        foreach (var (name, value) in variables)
        {
            Check(name, value!);
        }

        var settings = new OtlpSettings(variables);
        return settings.Traces || settings.Metrics || settings.Logs ? settings : null;
    }

    private static void Check(string name, string value)
    {
        if (name.StartsWith("OTEL_EXPORTER_OTLP_", StringComparison.Ordinal) && name.EndsWith("ENDPOINT", StringComparison.Ordinal)
            && !(Uri.TryCreate(value, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"))
        {
            throw LlmosException.InvalidArgument($"{name} is '{value}', which is no http address: use one such as http://127.0.0.1:4317.");
        }

        if (name.StartsWith("OTEL_EXPORTER_OTLP_", StringComparison.Ordinal) && name.EndsWith("PROTOCOL", StringComparison.Ordinal) && value is not ("grpc" or "http/protobuf"))
        {
            throw LlmosException.InvalidArgument($"{name} is '{value}': use grpc (a collector's port 4317) or http/protobuf (4318).");
        }
    }

    private bool IsWanted(string signal) =>
        (Variables.ContainsKey(EndpointVariable) || Variables.ContainsKey($"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT")) && Variables.GetValueOrDefault($"OTEL_{signal}_EXPORTER") is null or "otlp";
}
