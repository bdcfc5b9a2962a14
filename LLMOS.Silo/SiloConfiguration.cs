using System.Globalization;
using System.Net;
using LLMOS.Client;
using LLMOS.Inference;
using LLMOS.Inference.Planning;
using LLMOS.Kernel.Security;
using LLMOS.Silo.Logging;
using LLMOS.Silo.Models;

namespace LLMOS.Silo;

/// <summary>
/// Reads options from configuration: <c>appsettings.json</c> beside the program (section <c>LLMOS</c>), <c>llmos.json</c> in
/// the data folder, environment variables that begin with <c>LLMOS_</c>, and what the command line said, the later
/// before the earlier.
/// </summary>
public static class SiloConfiguration
{
    /// <summary>What the environment variables begin with.</summary>
    public const string EnvironmentPrefix = "LLMOS_";

    /// <summary>The file in the data folder.</summary>
    public const string FileName = "llmos.json";

    // What hosts of .NET call it.
    private const string FormatterVariable = "Logging__Console__FormatterName";

    /// <summary>Gathers the sources.</summary>
    /// <param name="overrides">What was said on the command line, by the names of the options.</param>
    /// <exception cref="LlmosException">A file is no JSON.</exception>
    public static IConfiguration Load(IReadOnlyDictionary<string, string?>? overrides = null)
    {
        try
        {
            var programs = new ConfigurationBuilder()
                .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true)
                .Build()
                .GetSection("LLMOS");
            var said = new ConfigurationBuilder()
                .AddConfiguration(programs)
                .AddEnvironmentVariables(EnvironmentPrefix)
                .AddInMemoryCollection(overrides ?? new Dictionary<string, string?>())
                .Build();
            return new ConfigurationBuilder()
                .AddConfiguration(programs)
                .AddJsonFile(Path.GetFullPath(Path.Combine(said["Data"] ?? UserDataFolder.Default, FileName)), optional: true)
                .AddEnvironmentVariables(EnvironmentPrefix)
                .AddInMemoryCollection(overrides ?? new Dictionary<string, string?>())
                .Build();
        }
        catch (InvalidDataException exception)
        {
            throw LlmosException.InvalidArgument($"{exception.Message.TrimEnd('.')}: correct the file, or take it away. {exception.InnerException?.Message}".TrimEnd());
        }
    }

    /// <summary>Applies what the configuration says to options that hold the defaults.</summary>
    /// <exception cref="LlmosException">A value is wrong.</exception>
    public static void Apply(IConfiguration configuration, LlmosSiloOptions options)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(options);
        options.Data = configuration["Data"] ?? options.Data;
        options.ClusterId = configuration["ClusterId"] ?? options.ClusterId;
        options.ServiceId = configuration["ServiceId"] ?? options.ServiceId;
        options.SiloPort = ReadPort(configuration, "SiloPort") ?? options.SiloPort;
        options.GatewayPort = ReadPort(configuration, "GatewayPort") ?? options.GatewayPort;
        options.HttpPort = configuration["HttpPort"] is "none" ? null : ReadPort(configuration, "HttpPort") ?? options.HttpPort;
        options.HttpHost = configuration["HttpHost"] is { } host ? ParseAddress(host) : options.HttpHost;
        options.RequireApiKeys = configuration["HttpKeys"] switch
        {
            null => options.RequireApiKeys,
            "elsewhere" => false,
            "always" => true,
            var other => throw LlmosException.InvalidArgument($"HttpKeys is '{other}': use elsewhere (requests from this machine need no key) or always."),
        };
        options.HttpCertificate = configuration["HttpCertificate"] ?? options.HttpCertificate;
        options.HttpCertificateKey = configuration["HttpCertificateKey"] ?? options.HttpCertificateKey;
        options.HttpCertificatePassword = configuration["HttpCertificatePassword"] ?? options.HttpCertificatePassword;
        options.Roles = configuration["Roles"] is { } roles ? ParseRoles(roles) : options.Roles;
        options.Join = configuration["Join"] is { } join ? ParseEndpoint(join) : options.Join;
        options.DrainGrace = ReadGrace(configuration) ?? options.DrainGrace;
        options.Devices = configuration["Devices"] is { } devices ? DeviceSelection.Parse(devices) : options.Devices;

        options.LogFormat = (configuration["LogFormat"] ?? Environment.GetEnvironmentVariable(FormatterVariable)) switch
        {
            null => options.LogFormat,
            "text" or "simple" => LogFormat.Text,
            "json" => LogFormat.Json,
            var other => throw LlmosException.InvalidArgument($"LogFormat is '{other}': use text (a sentence each, for people) or json (for programs; with the PID and the trace)."),
        };
        options.OtlpEndpoint = configuration["OtlpEndpoint"] is { } collector ? ParseCollector(collector) : options.OtlpEndpoint;
        options.OtlpProtocol = configuration["OtlpProtocol"] ?? options.OtlpProtocol;

        options.VectorServer = configuration["VectorServer"] ?? options.VectorServer;
        options.VectorServerFrom = ReadCount(configuration, "VectorServerFrom") ?? options.VectorServerFrom;

        options.Security.GatewayRole = configuration["Security:GatewayRole"] is { } role ? CallerRoles.Parse(role) : options.Security.GatewayRole;
        options.Security.LocalPrincipal = configuration["Security:LocalPrincipal"] ?? options.Security.LocalPrincipal;

        var models = configuration.GetSection("Models");
        options.Models.Default = configuration["Model"] ?? models["Default"] ?? options.Models.Default;
        options.Models.ContextCells = ReadCount(configuration, "Context") ?? options.Models.ContextCells;
        options.Models.KvLayout = (configuration["KvLayout"] ?? models["KvLayout"]) switch
        {
            null => options.Models.KvLayout,
            "unified" => KvLayout.Unified,
            "per-sequence" => KvLayout.PerSequence,
            var other => throw LlmosException.InvalidArgument($"KvLayout is '{other}': use unified (one cache, whose cells sequences share) or per-sequence (each has its own)."),
        };
        options.Models.Sequences = ReadSequences(configuration, "Sequences") ?? ReadSequences(models, "Sequences") ?? options.Models.Sequences;
        options.Models.Threads = ReadCount(configuration, "Threads") ?? options.Models.Threads;
        options.Models.Policy = ReadPolicy(models) ?? options.Models.Policy;
        options.Models.HostCells = ReadCount(models, "HostCells") ?? options.Models.HostCells;
        options.Models.DiskCells = ReadCount(models, "DiskCells") ?? options.Models.DiskCells;
        options.Models.SpillFolder = ReadFolder(models, "SpillFolder") ?? options.Models.SpillFolder;
        options.Models.Quantum = ReadPositive(models, "Quantum") ?? options.Models.Quantum;
        options.Models.AgingSteps = ReadPositive(models, "AgingSteps") ?? options.Models.AgingSteps;
        options.Models.KeepAlive = models["KeepAlive"] is { } keepAlive ? KeepAlive.Parse($"{models.Path}:KeepAlive", keepAlive) : options.Models.KeepAlive;
        options.Models.WaitForRoom = ReadSeconds(models, "WaitForRoom") ?? options.Models.WaitForRoom;
        foreach (var kept in models.GetSection("KeepAlives").GetChildren())
        {
            options.Models.KeepAlives[kept.Key] = KeepAlive.Parse(kept.Path, kept.Value ?? "");
        }

        foreach (var adapter in models.GetSection("Adapters").GetChildren())
        {
            options.Models.Adapters[adapter.Key] = new AdapterOptions
            {
                Path = adapter.Value ?? adapter["Path"] ?? throw LlmosException.InvalidArgument($"{adapter.Path} is no path of a LoRA adapter: name its GGUF file, or give it Path and Base."),
                Base = adapter["Base"] ?? "",
            };
        }

        foreach (var local in models.GetSection("Local").GetChildren())
        {
            options.Models.Local[local.Key] = local.Value
                ?? throw LlmosException.InvalidArgument($"{local.Path} is no path of a model file.");
        }

        options.Models.Folders.AddRange(models.GetSection("Folders").GetChildren().Select(folder => folder.Value).OfType<string>());
        foreach (var remote in models.GetSection("Remote").GetChildren())
        {
            options.Models.Remote[remote.Key] = ReadRemote(remote);
        }
    }

    private static RemoteModelOptions ReadRemote(IConfigurationSection section)
    {
        var endpoint = section["Endpoint"];
        var remote = new RemoteModelOptions
        {
            Endpoint = Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
                ? uri
                : throw LlmosException.InvalidArgument($"{section.Path}:Endpoint is '{endpoint}', which is no http address: use one such as http://localhost:11434/v1."),
            Model = section["Model"] ?? section.Key,
            ApiKeyVariable = section["ApiKeyVariable"] ?? "",
            EmbeddingModel = section["EmbeddingModel"] ?? "",
        };
        return remote with
        {
            ContextLength = ReadCount(section, "ContextLength") ?? remote.ContextLength,
            Timeout = ReadSeconds(section, "Timeout") ?? remote.Timeout,
            Retries = ReadCount(section, "Retries") ?? remote.Retries,
        };
    }

    private static int? ReadPort(IConfiguration configuration, string key) =>
        configuration[key] is not { } text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= IPEndPoint.MaxPort ? port
        : throw LlmosException.InvalidArgument($"{Name(configuration, key)} is '{text}', which is no port: use 1 to {IPEndPoint.MaxPort}, or 0 for any that is free.");

    private static int? ReadCount(IConfiguration configuration, string key) =>
        configuration[key] is not { } text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count
        : throw LlmosException.InvalidArgument($"{Name(configuration, key)} is '{text}', which is no count: use a whole number from 0 up.");

    private static int? ReadSequences(IConfiguration configuration, string key) =>
        ReadCount(configuration, key) is not (0 or > EngineOptions.SequenceLimit) and var count ? count
        : throw LlmosException.InvalidArgument($"{Name(configuration, key)} is {configuration[key]}: use 1 to {EngineOptions.SequenceLimit} sequences.");

    private static int? ReadPositive(IConfiguration configuration, string key) =>
        ReadCount(configuration, key) is not 0 and var count ? count
        : throw LlmosException.InvalidArgument($"{Name(configuration, key)} is 0: use a whole number from 1 up.");

    private static string? ReadFolder(IConfiguration configuration, string key) =>
        configuration[key] is not { } text ? null
        : text.Length > 0 && !File.Exists(text) ? Path.GetFullPath(text)
        : throw LlmosException.InvalidArgument($"{Name(configuration, key)} is '{text}', which {(text.Length > 0 ? "is a file" : "names nothing")}: name a folder, or leave the option out.");

    private static TimeSpan? ReadGrace(IConfiguration configuration) =>
        configuration["DrainGrace"] is "0" ? TimeSpan.Zero : ReadSeconds(configuration, "DrainGrace");

    private static TimeSpan? ReadSeconds(IConfiguration configuration, string key) =>
        configuration[key] is not { } text ? null
        : double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and < 1_000_000 ? TimeSpan.FromSeconds(seconds)
        : throw LlmosException.InvalidArgument($"{Name(configuration, key)} is '{text}', which is no time: use a number of seconds above 0.");

    private static string? ReadPolicy(IConfigurationSection models) =>
        models["Policy"] is not { } policy ? null
        : StepPlanners.WhyUnknown(policy) is { } unknown ? throw LlmosException.InvalidArgument($"{models.Path}:Policy: {unknown}")
        : policy;

    private static string Name(IConfiguration configuration, string key) =>
        configuration is IConfigurationSection section ? $"{section.Path}:{key}" : key;

    private static IPAddress ParseAddress(string text) => text switch
    {
        "localhost" => IPAddress.Loopback,
        "*" => IPAddress.Any,
        _ => IPAddress.TryParse(text, out var address)
            ? address
            : throw LlmosException.InvalidArgument($"HttpHost is '{text}', which is no address: use one such as 127.0.0.1, or * for all."),
    };

    private static Uri ParseCollector(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address
            : throw LlmosException.InvalidArgument($"OtlpEndpoint is '{text}', which is no http address: use one such as http://127.0.0.1:4317.");

    private static IPEndPoint ParseEndpoint(string text) =>
        IPEndPoint.TryParse(text, out var endpoint) && endpoint.Port > 0
            ? endpoint
            : throw LlmosException.InvalidArgument($"Join is '{text}', which is no address with a port: use one such as 127.0.0.1:{LlmosSiloOptions.DefaultSiloPort}.");

    private static SiloRoles ParseRoles(string text)
    {
        var roles = default(SiloRoles);
        foreach (var name in text.Split(',', StringSplitOptions.TrimEntries))
        {
            roles |= name.ToUpperInvariant() switch
            {
                "KERNEL" => SiloRoles.Kernel,
                "INFERENCE" => SiloRoles.Inference,
                "ALL" => SiloRoles.All,
                _ => throw LlmosException.InvalidArgument($"'{name}' is no role of a silo: use kernel, inference, or both with a comma."),
            };
        }

        return roles;
    }
}
