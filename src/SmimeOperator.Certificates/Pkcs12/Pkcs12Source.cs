namespace SmimeOperator.Certificates;

/// <summary>A PKCS#12 file as it came, kept so that it can be uploaded byte for byte.</summary>
internal sealed class Pkcs12Source(ReadOnlySpan<byte> pfx, ReadOnlySpan<char> password, Pkcs12Encoding encoding) : IDisposable
{
    private readonly byte[] _pfx = SensitiveMemory.Copy(pfx);
    private readonly char[] _password = SensitiveMemory.Copy(password);

    public ReadOnlySpan<byte> Pfx => _pfx;

    public ReadOnlySpan<char> Password => _password;

    public Pkcs12Encoding Encoding { get; } = encoding;

    public void Dispose()
    {
        SensitiveMemory.Clear<byte>(_pfx);
        SensitiveMemory.Clear<char>(_password);
    }
}
