using System.Net;
using System.Net.Sockets;

namespace SmimeOperator.Testing;

/// <summary>Finds TCP ports on loopback that nobody listens on.</summary>
public static class FreePort
{
    // Below the range from which Linux takes the ports of outgoing connections (32768 up): a port found here
    // stays free while the server that owns it is restarted.
    private const int Lowest = 20_000;
    private const int Highest = 32_000;

    /// <summary>A port that was free a moment ago. Whoever starts a server on it must be ready to try another.</summary>
    public static int Next()
    {
        for (var attempt = 0; attempt < 1000; attempt++)
        {
            var port = Random.Shared.Next(Lowest, Highest);
            if (IsFree(port))
            {
                return port;
            }
        }

        throw new InvalidOperationException($"No free port between {Lowest} and {Highest}.");
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
