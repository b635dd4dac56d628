#!/usr/bin/python3
"""motod: moto's store of objects as a second opinion on signatures: it checks them with
the code of Amazon's own client. `motod.py`: prints its port, an access key and its secret,
and ends with its standard input. Needs moto[s3,server] and boto3.
SPDX-License-Identifier: GPL-3.0-or-later"""
import json
import logging
import os
import sys
import urllib.request

os.environ["INITIAL_NO_AUTH_ACTION_COUNT"] = "1000000"  # until there is somebody to know
logging.getLogger("werkzeug").setLevel(logging.ERROR)

import boto3  # noqa: E402
from moto.server import ThreadedMotoServer  # noqa: E402

ODD = ["a b.csv", "a+b.csv", "ü€.csv", "y=1/x.csv", "100%.csv", "(x)!'*.csv", "a&b;c,d.csv",
       "@:$.csv", "~t_-.csv", "h#i.csv", "q?r.csv", "[b].csv"]
POLICY = {"Version": "2012-10-17",
          "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}

server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
_, port = server.get_host_and_port()
url = f"http://127.0.0.1:{port}"
setting = {"endpoint_url": url, "region_name": "us-east-1", "aws_access_key_id": "x",
           "aws_secret_access_key": "y"}
iam = boto3.client("iam", **setting)
iam.create_user(UserName="reader")
iam.put_user_policy(UserName="reader", PolicyName="read", PolicyDocument=json.dumps(POLICY))
key = iam.create_access_key(UserName="reader")["AccessKey"]
store = boto3.client("s3", **setting)
store.create_bucket(Bucket="sales")
for name in ODD:
    store.put_object(Bucket="sales", Key=f"odd/{name}", Body=b"key\n" + name.encode() + b"\n")
for number in range(1100):
    store.put_object(Bucket="sales", Key=f"many/{number:05}.csv", Body=b"n\n%d\n" % number)
urllib.request.urlopen(urllib.request.Request(
    f"{url}/moto-api/reset-auth", data=b"0", headers={"Content-Type": "text/plain"})).read()
print(port, key["AccessKeyId"], key["SecretAccessKey"], flush=True)
sys.stdin.buffer.read()
os._exit(0)
