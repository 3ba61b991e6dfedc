using System.Globalization;

namespace SmimeOperator.TenantSimulator;

/// <summary>The simulator's own command line.</summary>
internal static class CommandLine
{
    public const string Usage = """
        A Graph-compatible tenant on loopback.

          --port N             the port (5080)
          --state FILE         keep the tenant in this file
          --tenant-id GUID     the Entra tenant id
          --page-size N        objects on one page (100)
          --latency-ms N       added to every answer (0)
          --visibility-ms N    how long a new object stays out of sight (0)
          --no-limits          no throttling
          --require-token      refuse requests without a bearer token
          --https              serve TLS with a certificate made at the start
          --empty              begin without the sample users, groups and connector
        """;

    /// <summary>Reads the arguments.</summary>
    /// <exception cref="FormatException">An argument is unknown or has no value.</exception>
    public static (SimulatorOptions Options, bool IsEmpty) Parse(IReadOnlyList<string> arguments)
    {
        var options = new SimulatorOptions { Port = 5080 };
        var isEmpty = false;
        for (var i = 0; i < arguments.Count; i++)
        {
            var name = arguments[i];
            string Value() => ++i < arguments.Count ? arguments[i] : throw new FormatException($"{name} needs a value.");
            int Number() => int.Parse(Value(), NumberStyles.None, CultureInfo.InvariantCulture);
            switch (name)
            {
                case "--port":
                    options = options with { Port = Number() };
                    break;
                case "--state":
                    options = options with { StatePath = Value() };
                    break;
                case "--tenant-id":
                    options = options with { TenantId = Value() };
                    break;
                case "--page-size":
                    options = options with { PageSize = Number() };
                    break;
                case "--latency-ms":
                    options = options with { Latency = TimeSpan.FromMilliseconds(Number()) };
                    break;
                case "--visibility-ms":
                    options = options with { VisibilityDelay = TimeSpan.FromMilliseconds(Number()) };
                    break;
                case "--no-limits":
                    options = options with { Limits = PublishedLimits.Off };
                    break;
                case "--require-token":
                    options = options with { RequireToken = true };
                    break;
                case "--https":
                    options = options with { UseHttps = true };
                    break;
                case "--empty":
                    isEmpty = true;
                    break;
                default:
                    throw new FormatException($"'{name}' is not known.");
            }
        }

        return (options, isEmpty);
    }
}
