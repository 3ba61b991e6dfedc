using System.Globalization;

namespace Smimectl;

/// <summary>What became of a random password that was encrypted to a connector key.</summary>
/// <param name="File">The public key's file.</param>
/// <param name="Fingerprint">The public key's fingerprint.</param>
/// <param name="PrivateKeyBelongs">Whether the private key is that of the public key; null where none was given.</param>
/// <param name="Paddings">What became of it, for each padding.</param>
/// <param name="Tenants">What the folder's Tenants say; empty where no folder was named.</param>
internal sealed record ProbeReport(
    string File, string Fingerprint, bool? PrivateKeyBelongs, IReadOnlyList<PaddingProbe> Paddings, IReadOnlyList<TenantKey> Tenants)
{
    /// <summary>Whether everything that was asked for works.</summary>
    public bool Works => PrivateKeyBelongs != false && Paddings.All(p => p.Works) && Tenants.All(t => t.Matches);

    /// <summary>Writes it for people.</summary>
    public void Write(Ink ink, TextWriter output)
    {
        output.WriteLine(ink.Bold($"{File}: fingerprint {Fingerprint}"));
        foreach (var padding in Paddings)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {padding.Padding,-12}") + (padding.Works ? ink.Green(padding.Message) : ink.Red(padding.Message)));
        }

        TenantKey.Write(Tenants, ink, output);
        if (PrivateKeyBelongs == false)
        {
            output.WriteLine(ink.Red("The private key belongs to another public key: what is encrypted to this one, that connector cannot open. Export the public key on the server that holds the private one."));
        }
        else if (PrivateKeyBelongs is null)
        {
            output.WriteLine("Whether the connector can open it shows with --private-key only.");
        }
    }
}

/// <summary>What became of the probe with one padding.</summary>
/// <param name="Padding">The padding, as spec.connectorKey.paddingScheme says.</param>
/// <param name="Works">Whether it went as far as could be tried.</param>
/// <param name="Message">In words.</param>
internal sealed record PaddingProbe(string Padding, bool Works, string Message);
