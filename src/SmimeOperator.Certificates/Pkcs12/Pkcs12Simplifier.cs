using System.Formats.Asn1;
using System.Security.Cryptography.Pkcs;

namespace SmimeOperator.Certificates;

/// <summary>
/// Makes of a file that .NET cannot read one that it can: checks the MAC and leaves it out, and takes off what is encrypted with a retired
/// cipher. What .NET can decrypt stays as it is. All rounds are counted before anything is decrypted with them, those within encrypted parts too.
/// </summary>
internal ref struct Pkcs12Simplifier
{
    private static readonly Asn1Tag Context0 = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag PrimitiveContext0 = new(TagClass.ContextSpecific, 0, isConstructed: false);

    private readonly ReadOnlySpan<char> _password;
    private readonly bool _nullPassword;
    private readonly RoundBudget _rounds;

    private Pkcs12Simplifier(ReadOnlySpan<char> password, bool nullPassword)
    {
        _password = password;
        _nullPassword = nullPassword;
        _rounds = new RoundBudget();
    }

    /// <summary>Rewrites a file, into memory that the caller has to clear: keys may stand in it in the clear.</summary>
    /// <exception cref="CertificateSourceException">The password is wrong, or the rounds are too many.</exception>
    /// <exception cref="AsnContentException">The file is broken.</exception>
    public static byte[] Rewrite(ReadOnlyMemory<byte> pfx, ReadOnlySpan<char> password)
    {
        var file = Reader(pfx).ReadSequence();
        _ = file.ReadInteger();
        var contentInfo = file.ReadSequence();
        _ = contentInfo.ReadObjectIdentifier();
        var safe = contentInfo.ReadSequence(Context0).ReadOctetString();
        try
        {
            var nullPassword = false;
            if (file.HasData)
            {
                nullPassword = CheckMac(pfx, file.ReadSequence(), safe, password);
            }

            return new Pkcs12Simplifier(password, nullPassword).File(safe);
        }
        finally
        {
            SensitiveMemory.Clear<byte>(safe);
        }
    }

    // Tells whether an empty password is none at all.
    private static bool CheckMac(ReadOnlyMemory<byte> pfx, AsnReader mac, ReadOnlySpan<byte> safe, ReadOnlySpan<char> password)
    {
        var digestInfo = mac.ReadSequence();
        var algorithm = digestInfo.ReadSequence();
        if (algorithm.ReadObjectIdentifier() is Pbmac1.Identifier)
        {
            return Pbmac1.Read(algorithm).Holds(safe, password, digestInfo.ReadOctetString()) ? false : throw Passwords.Wrong(password, "PKCS#12 file", null);
        }

        var info = Pkcs12Info.Decode(pfx, out _, skipCopy: true);
        if (!password.IsEmpty)
        {
            return info.VerifyMac(password) ? false : throw Passwords.Wrong(password, "PKCS#12 file", null);
        }

        return !info.VerifyMac("".AsSpan()) && (info.VerifyMac(default(ReadOnlySpan<char>)) ? true : throw Passwords.Wrong(password, "PKCS#12 file", null));
    }

    private static AsnReader Reader(ReadOnlyMemory<byte> data) => new(data, AsnEncodingRules.BER);

    // A writer clears what it held when it is reset; Encode gives the one copy that is left.
    private static byte[] Finish(AsnWriter writer)
    {
        var result = SensitiveMemory.Allocate<byte>(writer.GetEncodedLength());
        writer.Encode(result);
        writer.Reset();
        return result;
    }

    private static void WriteData(AsnWriter writer, byte[] content)
    {
        try
        {
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(Pkcs12Encoding.Data);
                using (writer.PushSequence(Context0))
                {
                    writer.WriteOctetString(content);
                }
            }
        }
        finally
        {
            SensitiveMemory.Clear<byte>(content);
        }
    }

    private readonly byte[] File(byte[] safe)
    {
        var writer = new AsnWriter(AsnEncodingRules.BER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(3);
            WriteData(writer, Parts(safe));
        }

        return Finish(writer);
    }

    private readonly byte[] Parts(byte[] safe)
    {
        var parts = Reader(safe).ReadSequence();
        var writer = new AsnWriter(AsnEncodingRules.BER);
        using (writer.PushSequence())
        {
            while (parts.HasData)
            {
                var encoded = parts.PeekEncodedValue();
                var part = parts.ReadSequence();
                switch (part.ReadObjectIdentifier())
                {
                    case Pkcs12Encoding.Data:
                        WriteBags(writer, part.ReadSequence(Context0).ReadOctetString());
                        break;
                    case Pkcs12Encoding.EncryptedData:
                        WriteEncrypted(writer, encoded, part.ReadSequence(Context0).ReadSequence());
                        break;
                    default:
                        writer.WriteEncodedValue(encoded.Span);
                        break;
                }
            }
        }

        return Finish(writer);
    }

    private readonly void WriteEncrypted(AsnWriter writer, ReadOnlyMemory<byte> encoded, AsnReader data)
    {
        _ = data.ReadInteger();
        var info = data.ReadSequence();
        _ = info.ReadObjectIdentifier();
        var identifier = info.PeekEncodedValue();
        var algorithm = EncryptionAlgorithm.Read(info.ReadSequence());
        _rounds.Spend(algorithm.Rounds);
        if (RetiredCiphers.Contains(algorithm.Cipher))
        {
            WriteBags(writer, RetiredCiphers.Decrypt(identifier, info.ReadOctetString(PrimitiveContext0), _password, _nullPassword));
        }
        else
        {
            writer.WriteEncodedValue(encoded.Span);
        }
    }

    // Takes over the bags, and clears them.
    private readonly void WriteBags(AsnWriter writer, byte[] contents)
    {
        try
        {
            var bags = Reader(contents).ReadSequence();
            var rewritten = new AsnWriter(AsnEncodingRules.BER);
            using (rewritten.PushSequence())
            {
                while (bags.HasData)
                {
                    var encoded = bags.PeekEncodedValue();
                    WriteBag(rewritten, encoded, bags.ReadSequence());
                }
            }

            WriteData(writer, Finish(rewritten));
        }
        finally
        {
            SensitiveMemory.Clear<byte>(contents);
        }
    }

    private readonly void WriteBag(AsnWriter writer, ReadOnlyMemory<byte> encoded, AsnReader bag)
    {
        if (bag.ReadObjectIdentifier() is Pkcs12Encoding.ShroudedKeyBag)
        {
            var shrouded = bag.ReadSequence(Context0).ReadSequence();
            var identifier = shrouded.PeekEncodedValue();
            var algorithm = EncryptionAlgorithm.Read(shrouded.ReadSequence());
            _rounds.Spend(algorithm.Rounds);
            if (RetiredCiphers.Contains(algorithm.Cipher))
            {
                var key = RetiredCiphers.Decrypt(identifier, shrouded.ReadOctetString(), _password, _nullPassword);
                try
                {
                    using (writer.PushSequence())
                    {
                        writer.WriteObjectIdentifier(Pkcs12Encoding.KeyBag);
                        using (writer.PushSequence(Context0))
                        {
                            writer.WriteEncodedValue(key);
                        }

                        while (bag.HasData)
                        {
                            writer.WriteEncodedValue(bag.ReadEncodedValue().Span);
                        }
                    }
                }
                finally
                {
                    SensitiveMemory.Clear<byte>(key);
                }

                return;
            }
        }

        writer.WriteEncodedValue(encoded.Span);
    }
}
